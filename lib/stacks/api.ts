import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Bundle } from '../constructs/bundle.ts';
import { ClientCredentials, scopeName } from '../constructs/client-credentials.ts';
import { dataActionRole } from '../constructs/data-action-role.ts';
import { DialguardFunction, type LambdaName } from '../constructs/dialguard-function.ts';
import { BreachNotices } from './breach-notices.ts';
import { coverageGaps } from './coverage-gaps.ts';
import { type Deployment, deploymentName } from './deployments.ts';
import { functionBase } from './function-base.ts';
import { INCIDENT_PATHS, Incidents } from './incidents.ts';
import { MessageIntake } from './message-intake.ts';
import { Privacy } from './privacy.ts';
import type { Settings } from './settings.ts';
import type { StorageStack } from './storage.ts';

export type ApiProps = StackProps & {
  readonly deployment: Deployment;
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly bundle: Bundle;
};

// The whole answer has 800 ms; a platform's own time-out comes later and is treated as a refusal to dial.
const checkBudgetMs = 800;

const PREFERENCE_PATHS = ['opt-outs', 'consents', 'conversations', 'relationships', 'reassignments'].map(
  (name) => `/v1/${name}`,
);

/** Paths that are posted to, or those and the ones that are read. */
type Paths = string[] | { readonly POST: string[]; readonly GET: string[] };

const SUBJECT_REQUEST_PATHS = {
  POST: ['/v1/subject-requests', '/v1/subject-requests/{id}/{action}'],
  GET: ['/v1/subject-requests', '/v1/subject-requests/{id}'],
};

/** What others call: the HTTP API behind tokens, and check-consent for Genesys data actions. */
export class ApiStack extends Stack {
  readonly check: DialguardFunction<'check-consent'>;
  readonly preferences: DialguardFunction<'record-preference'>;
  readonly holds: DialguardFunction<'manage-hold'>;
  readonly messages: MessageIntake;
  readonly coverageGaps: DialguardFunction<'resolve-coverage-gap'>;
  readonly privacy: Privacy;
  readonly incidents: Incidents;
  /** Here and not beside the other schedules, since each notice is asked about by `check`. */
  readonly notices: BreachNotices;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id, props);
    const { settings } = props;
    this.check = this.#check(props);
    this.preferences = this.#recorder('RecordPreference', 'record-preference', props);
    this.holds = this.#recorder('ManageHold', 'manage-hold', props);
    this.messages = new MessageIntake(this, 'Messages', props);
    const { receive, resolve } = this.messages;
    this.coverageGaps = coverageGaps(this, 'ResolveCoverageGap', props);
    this.privacy = new Privacy(this, 'Privacy', props);
    this.incidents = new Incidents(this, 'Incidents', props);
    this.notices = new BreachNotices(this, 'Notices', { ...props, check: this.check });

    const { issuer, audience } = settings.jwt ?? this.#ownIssuer(props.deployment);
    const authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: audience });
    const api = new HttpApi(this, 'Http', { createDefaultStage: false, defaultAuthorizer: authorizer });
    this.#route(api, ['/v1/checks'], this.check, scopeName('check'));
    this.#route(api, PREFERENCE_PATHS, this.preferences, scopeName('preferences'));
    this.#route(api, ['/v1/messages/inbound'], receive, scopeName('preferences'));
    this.#route(api, ['/v1/reviews/{id}'], resolve, scopeName('reviews'));
    this.#route(api, ['/v1/holds', '/v1/hold-releases'], this.holds, scopeName('holds'));
    this.#route(api, ['/v1/coverage-gaps/{id}'], this.coverageGaps, scopeName('coverage'));
    this.#route(api, ['/v1/erasures'], this.privacy.erase, scopeName('privacy'));
    this.#route(api, SUBJECT_REQUEST_PATHS, this.privacy.requests, scopeName('privacy'));
    this.#route(api, INCIDENT_PATHS, this.incidents.handle, scopeName('incidents'));
    this.incidents.route(api, settings);
    this.stage = this.#stage(api, props);

    if (settings.genesysOrganizationId !== undefined) {
      const role = dataActionRole(this, 'DataActionRole', {
        genesysAccount: settings.genesysAccount,
        organizationId: settings.genesysOrganizationId,
        check: this.check.lambda,
      });
      this.#output({ DataActionRoleArn: role.roleArn });
    }
    this.#output({
      ApiUrl: api.apiEndpoint,
      CheckConsentFunction: this.check.lambda.functionName,
      RecordPreferenceFunction: this.preferences.lambda.functionName,
      ManageHoldFunction: this.holds.lambda.functionName,
      ReceiveMessageFunction: receive.lambda.functionName,
      ResolveReviewFunction: resolve.lambda.functionName,
      ResolveCoverageGapFunction: this.coverageGaps.lambda.functionName,
      EraseContactPointFunction: this.privacy.erase.lambda.functionName,
      HandleSubjectRequestFunction: this.privacy.requests.lambda.functionName,
      HandleIncidentFunction: this.incidents.handle.lambda.functionName,
      SendNoticesFunction: this.notices.send.lambda.functionName,
    });
  }

  #check({ bundle, deployment, storage }: ApiProps): DialguardFunction<'check-consent'> {
    const check = new DialguardFunction(this, 'CheckConsent', {
      name: 'check-consent',
      ...functionBase({ bundle, deployment, storage }),
      timeout: Duration.seconds(3),
      // One full CPU: less memory would mean a slower start of the check.
      memoryMb: 1769,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        REGISTRY_BLOCKS_TABLE: storage.registryBlocks.tableName,
        CASES_TABLE: storage.cases.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        LEGAL_ALERTS_TOPIC_ARN: storage.legalAlerts.topicArn,
        RESIDENCY: deployment.residency,
        CHECK_BUDGET_MS: String(checkBudgetMs),
      },
    });
    check.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    check.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], [storage.registryBlocks.tableArn]);
    // How far the log has come: nothing else of that table.
    check.allow(['dynamodb:GetItem'], [storage.cases.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['audit-log'] },
    });
    check.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn]);
    check.allow(['sns:Publish'], [storage.legalAlerts.topicArn]);
    check.useKey('write', ['dynamodb', 'secretsmanager', 'sns']);
    return check;
  }

  #recorder<Name extends 'record-preference' | 'manage-hold'>(id: string, name: Name, props: ApiProps) {
    const { bundle, deployment, storage } = props;
    const recorder = new DialguardFunction<'record-preference' | 'manage-hold'>(this, id, {
      name,
      ...functionBase({ bundle, deployment, storage }),
      timeout: Duration.seconds(10),
      memoryMb: 1024,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
      },
    });
    recorder.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    recorder.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn, storage.kek.secretArn]);
    recorder.useKey('write', ['dynamodb', 'secretsmanager']);
    return recorder;
  }

  #ownIssuer(deployment: Deployment): { issuer: string; audience: string[] } {
    // Domain prefixes are unique in a region over all customers of AWS: the account id makes ours so.
    const { client, dialler, issuer, tokenUrl } = new ClientCredentials(this, 'Credentials', {
      domainPrefix: `${deploymentName(deployment)}-${this.account}`,
    });
    this.#output({
      TokenUrl: tokenUrl,
      ClientId: client.userPoolClientId,
      DiallerClientId: dialler.userPoolClientId,
    });
    // Cognito's client-credentials tokens have no `aud`; API Gateway then compares `client_id` with the audience.
    return { issuer, audience: [client.userPoolClientId, dialler.userPoolClientId] };
  }

  #route(api: HttpApi, paths: Paths, target: DialguardFunction<LambdaName>, scope: string): void {
    const integration = new HttpLambdaIntegration(`${target.node.id}Integration`, target.lambda);
    const { POST, GET } = Array.isArray(paths) ? { POST: paths, GET: [] } : paths;
    const common = { integration, authorizationScopes: [scope] };
    for (const path of POST) api.addRoutes({ path, methods: [HttpMethod.POST], ...common });
    for (const path of GET) api.addRoutes({ path, methods: [HttpMethod.GET], ...common });
  }

  #stage(api: HttpApi, { deployment, storage }: ApiProps): HttpStage {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: deployment.logRetentionDays,
      encryptionKey: storage.stateKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: deployment.apiRequestsPerSecond, burstLimit: deployment.apiBurst },
      detailedMetricsEnabled: true,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
  }

  #output(outputs: Record<string, string>): void {
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}

// The route, never the path: a caller's mistake could put a number there. No query string, no body, no address.
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    routeKey: '$context.routeKey',
    status: '$context.status',
    client: '$context.authorizer.claims.client_id',
    responseLatencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integrationLatency',
    errorType: '$context.error.responseType',
  }),
);
