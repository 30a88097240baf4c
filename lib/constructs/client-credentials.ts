import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** What a token may be used for; each route asks for one of them, but `explain`, which adds the reasons to a check. */
export const scopes = {
  check: 'Ask whether a contact may be made',
  preferences: 'Record opt-outs and consents',
  reviews: 'Decide whether a doubtful message was an opt-out',
  holds: 'Place and release litigation holds',
  coverage: 'Say what outbound contacts without a decision were',
  privacy: 'Take in requests of data subjects, decide them, and erase people',
  incidents: 'Report personal data breaches, decide about them, and approve the words of notices',
  explain: 'See the reasons of a decision',
} as const;

const resourceServer = 'dialguard';

/** The name of a scope in a token, e.g. `dialguard/check`. */
export function scopeName(scope: keyof typeof scopes): string {
  return `${resourceServer}/${scope}`;
}

/** A Cognito user pool without users: it issues tokens to machines by the OAuth client-credentials grant. */
export class ClientCredentials extends Construct {
  /** For the operator's own systems: every scope. */
  readonly client: UserPoolClient;
  /** For diallers: they may ask, and learn neither why nor change anything. */
  readonly dialler: UserPoolClient;
  readonly issuer: string;
  readonly tokenUrl: string;

  constructor(scope: Construct, id: string, props: { readonly domainPrefix: string }) {
    super(scope, id);
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      removalPolicy: RemovalPolicy.DESTROY,
      passwordPolicy: {
        minLength: 16,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'The pool has no users: machines authenticate by client credentials.',
      },
      {
        id: 'AwsSolutions-COG3',
        reason: 'Threat protection judges user sign-ins, and the pool has no users.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'The plus plan adds threat protection for users, and the pool has none.',
      },
    );
    const resourceServerScopes = Object.entries(scopes).map(
      ([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription }),
    );
    const server = new UserPoolResourceServer(this, 'Scopes', {
      userPool: pool,
      identifier: resourceServer,
      scopes: resourceServerScopes,
    });
    const addClient = (name: string, granted: readonly ResourceServerScope[]) =>
      pool.addClient(name, {
        generateSecret: true,
        authFlows: {},
        oAuth: {
          flows: { clientCredentials: true },
          scopes: granted.map((one) => OAuthScope.resourceServer(server, one)),
        },
      });
    this.client = addClient('Client', resourceServerScopes);
    this.dialler = addClient(
      'Dialler',
      resourceServerScopes.filter((one) => one.scopeName === 'check'),
    );
    const domain = pool.addDomain('Domain', { cognitoDomain: { domainPrefix: props.domainPrefix } });
    const { region, urlSuffix } = Stack.of(this);
    this.issuer = `https://cognito-idp.${region}.${urlSuffix}/${pool.userPoolId}`;
    this.tokenUrl = `https://${domain.domainName}.auth.${region}.amazoncognito.com/oauth2/token`;
  }
}
