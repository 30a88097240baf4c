import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Dialler, DiallerLists } from '../domain/dialler/dialler.ts';
import { diallerMisconfigured } from './dialler-misconfigured.ts';
import { connectGenesys, type GenesysEnvironment } from './genesys/connect.ts';
import { GenesysDncLists } from './genesys/dnc-lists.ts';
import { createCxoneApi } from './nice-cxone/cxone-api.ts';
import { CxoneDncGroups } from './nice-cxone/dnc-groups.ts';
import { SuppressionDrop } from './s3/suppression-drop.ts';
import { cxoneKeyFrom, signingSecretFrom } from './secrets-manager/secrets.ts';
import { WebhookLists } from './webhook/webhook-lists.ts';

export type DiallerDeps = {
  /** Of the dialler. */
  readonly name: string;
  /** The secret with its credentials; empty where it has none of its own. */
  readonly secretArn: string;
  readonly genesys: GenesysEnvironment;
  readonly secrets: SecretsManagerClient;
  readonly s3: S3Client;
  /** For files. */
  readonly bucket: string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
};

/** Half a minute is all that a batch has: three calls that nobody answers fit into it. */
const API_TIMEOUT_MS = 5000;
const WEBHOOK_TIMEOUT_MS = 10_000;
/** Genesys Cloud allows a token 300 calls a minute (token.rate.per.minute), and each process has one of its own. */
const GENESYS_RATE = { burst: 20, perSecond: 5 };
/** NICE CXone publishes no figure. */
const CXONE_RATE = { burst: 20, perSecond: 10 };

/**
 * The lists of a dialler by its setting.
 *
 * @throws ComplianceError DIALLER_MISCONFIGURED for one in Genesys Cloud where no organization is connected.
 */
export function diallerListsOf(dialler: Dialler, deps: DiallerDeps): DiallerLists {
  const { now, wait, newId } = deps;
  switch (dialler.kind) {
    case 'genesys-cloud':
      return new GenesysDncLists({ api: genesysOf(deps), contactLists: dialler.contactLists, now, wait });
    case 'nice-cxone':
      return new CxoneDncGroups(cxoneOf(dialler, deps), now);
    case 'webhook': {
      const secret = signingSecretFrom(deps.secrets, deps.secretArn);
      return new WebhookLists({ url: dialler.url, secret, now, wait, newId, timeoutMs: WEBHOOK_TIMEOUT_MS });
    }
    case 'file':
      return new SuppressionDrop({ name: deps.name, client: deps.s3, bucket: deps.bucket, now, newId });
  }
}

function genesysOf({ genesys, secrets, now, wait, random }: DiallerDeps) {
  const pace = { rate: GENESYS_RATE, timeoutMs: API_TIMEOUT_MS };
  const api = connectGenesys(genesys, secrets, { ...pace, now, wait, random });
  if (api === undefined) throw diallerMisconfigured('no Genesys Cloud organization is connected');
  return api;
}

function cxoneOf(
  { apiUrl, tokenUrl }: Extract<Dialler, { kind: 'nice-cxone' }>,
  { secrets, secretArn, now, wait, random }: DiallerDeps,
) {
  return createCxoneApi({
    apiUrl: apiUrl.replace(/\/$/, ''),
    tokenUrl: tokenUrl.replace(/\/$/, ''),
    key: cxoneKeyFrom(secrets, secretArn),
    rate: CXONE_RATE,
    now,
    wait,
    random,
    timeoutMs: API_TIMEOUT_MS,
  });
}
