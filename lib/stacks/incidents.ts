import { Duration, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import type { ApiProps } from './api.ts';
import { functionBase } from './function-base.ts';
import type { IncidentSettings } from './incident-settings.ts';

type Webhooks = NonNullable<IncidentSettings['webhooks']>;

export const INCIDENT_PATHS = {
  POST: [
    '/v1/incidents',
    '/v1/incidents/{id}/events',
    '/v1/notice-templates',
    '/v1/notice-template-approvals',
  ],
  GET: [
    '/v1/incidents',
    '/v1/incidents/{id}',
    '/v1/notice-templates',
    '/v1/notice-templates/{name}/{language}/{channel}/{version}',
  ],
};

/** Personal data breaches: what officers say of them, and what ticket systems report. */
export class Incidents extends Construct {
  readonly handle: DialguardFunction<'handle-incident'>;
  /** Only where the settings name a ticket system. */
  readonly webhook: DialguardFunction<'receive-incident-webhook'> | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.handle = this.#handle(props);
    const { webhooks } = props.settings.incidents;
    const { webhookSecrets } = props.storage;
    this.webhook =
      webhooks === undefined || webhookSecrets === undefined
        ? undefined
        : this.#webhook(props, webhooks, webhookSecrets);
  }

  /** Routes that no token guards: what comes by them is believed by its signature alone. */
  route(api: HttpApi, { incidents: { webhooks } }: ApiProps['settings']): void {
    if (this.webhook === undefined || webhooks === undefined) return;
    const integration = new HttpLambdaIntegration('WebhookIntegration', this.webhook.lambda);
    const systems = [...(webhooks.jira ? ['jira'] : []), ...(webhooks.pagerDuty ? ['pagerduty'] : [])];
    for (const system of systems) {
      const routes = api.addRoutes({
        path: `/v1/webhooks/${system}`,
        methods: [HttpMethod.POST],
        authorizer: new HttpNoneAuthorizer(),
        integration,
      });
      for (const route of routes) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'The sender has no token: its HMAC over the body is checked before the body is read.',
        });
      }
    }
  }

  #handle({ bundle, deployment, settings, storage }: ApiProps): DialguardFunction<'handle-incident'> {
    const { contact, clocks, fallbackLanguage } = settings.incidents;
    const handle = new DialguardFunction(this, 'HandleIncident', {
      name: 'handle-incident',
      ...functionBase({ bundle, deployment, storage }),
      // The API waits for 30 seconds at most; a list of a million people is read twice.
      timeout: Duration.seconds(29),
      memoryMb: 1769,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PRIVACY_BUCKET: storage.privacy.bucketName,
        RESIDENCY: deployment.residency,
        INCIDENT_CONTACT: contact === undefined ? '' : JSON.stringify(contact),
        INCIDENT_CLOCKS: JSON.stringify(clocks),
        NOTICE_LANGUAGE: fallbackLanguage,
      },
    });
    // It writes entries, never facts, and reads of people their lists alone.
    handle.allow(['dynamodb:UpdateItem'], [storage.contactPoints.tableArn]);
    handle.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      [storage.cases.tableArn],
    );
    handle.allowObjects(['s3:GetObject', 's3:PutObject'], storage.privacy, 'templates/*');
    handle.allowObjects(['s3:GetObject', 's3:GetObjectVersion'], storage.privacy, 'incidents/*');
    // Without it S3 answers 403 for a key that does not exist.
    handle.allow(['s3:ListBucket'], [storage.privacy.bucketArn]);
    handle.useKey('write', ['dynamodb', 's3']);
    return handle;
  }

  #webhook(
    { bundle, deployment, storage }: ApiProps,
    webhooks: Webhooks,
    secret: Secret,
  ): DialguardFunction<'receive-incident-webhook'> {
    const webhook = new DialguardFunction(this, 'ReceiveIncidentWebhook', {
      name: 'receive-incident-webhook',
      ...functionBase({ bundle, deployment, storage }),
      timeout: Duration.seconds(10),
      memoryMb: 512,
      // Anybody can call it: no flood of theirs takes the other functions' places.
      reservedConcurrency: 5,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        RESIDENCY: deployment.residency,
        WEBHOOK_SECRETS_ARN: secret.secretArn,
        WEBHOOK_SETTINGS: JSON.stringify(webhooks),
      },
    });
    webhook.allow(['dynamodb:UpdateItem'], [storage.contactPoints.tableArn]);
    webhook.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [storage.cases.tableArn]);
    webhook.allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
    webhook.useKey('write', ['dynamodb', 'secretsmanager']);
    return webhook;
  }
}
