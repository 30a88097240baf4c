import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Pepper } from '../../domain/contact-point/token.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';

const PepperSecret = z.object({ version: z.string().regex(/^p[1-9]\d*$/), pepper: z.string().min(32) });
const KekSecret = z.object({ version: z.string().regex(/^k[1-9]\d*$/), kek: z.string().min(32) });
const GenesysClientSecret = z.object({ clientId: z.string().min(1), clientSecret: z.string().min(1) });
const CxoneKeySecret = z.object({ accessKeyId: z.string().min(1), accessKeySecret: z.string().min(1) });
/** Standard Webhooks: 24 to 64 bytes in base64. */
/** CloudFormation can make the key, but not write `whsec_` before it. */
const SigningSecret = z.object({
  signingSecret: z.string().regex(/^(?:whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$/),
});
const WebhookSecrets = z.object({ jira: z.string(), pagerDuty: z.string() });
export type KeyEncryptionKey = z.infer<typeof KekSecret>;

/**
 * Reads a secret once and keeps it for the life of the process. A failed read is not kept, so the next call asks again.
 */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= read().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}

/** The pepper of contact-point tokens. */
export function pepperFrom(client: SecretsManagerClient, secretId: string): () => Promise<Pepper> {
  return once(() => readSecret(client, secretId, PepperSecret));
}

/** The key that wraps the contact points' data keys. */
export function kekFrom(client: SecretsManagerClient, secretId: string): () => Promise<KeyEncryptionKey> {
  return once(() => readSecret(client, secretId, KekSecret));
}

/** The OAuth client by which Genesys Cloud is called; read whenever a token is asked for, as an operator may replace it. */
export function genesysClientFrom(
  client: SecretsManagerClient,
  secretId: string,
): () => Promise<z.infer<typeof GenesysClientSecret>> {
  return () => readSecret(client, secretId, GenesysClientSecret);
}

/** The access key by which NICE CXone is called. */
export function cxoneKeyFrom(
  client: SecretsManagerClient,
  secretId: string,
): () => Promise<z.infer<typeof CxoneKeySecret>> {
  return () => readSecret(client, secretId, CxoneKeySecret);
}

/** What messages to a webhook are signed with; read for each, as an operator may replace it. */
export function signingSecretFrom(client: SecretsManagerClient, secretId: string): () => Promise<string> {
  return async () => (await readSecret(client, secretId, SigningSecret)).signingSecret;
}

/** What Jira and PagerDuty sign their webhooks with; empty where there is none. Read each time, as an operator may replace it. */
export function webhookSecretsFrom(
  client: SecretsManagerClient,
  secretId: string,
): () => Promise<z.infer<typeof WebhookSecrets>> {
  return () => readSecret(client, secretId, WebhookSecrets);
}

async function readSecret<T>(
  client: SecretsManagerClient,
  secretId: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const parsed = schema.safeParse(parsedJson(SecretString ?? ''));
  if (parsed.success) return parsed.data;
  throw new ComplianceError({
    code: 'BAD_SECRET',
    message: 'expected a secret of the documented form, got another',
  });
}
