import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { genesysClientFrom } from '../secrets-manager/secrets.ts';
import { createGenesysApi, type GenesysApi, type GenesysApiDeps } from './cloud-api.ts';

/** The variables of a Lambda that calls Genesys Cloud; empty where no organization is connected. */
export const GenesysEnvironment = z.object({
  GENESYS_API_URL: z.union([z.literal(''), z.url()]),
  GENESYS_LOGIN_URL: z.union([z.literal(''), z.url()]),
  GENESYS_CLIENT_SECRET_ARN: z.string(),
});
export type GenesysEnvironment = z.infer<typeof GenesysEnvironment>;

type Pace = Pick<GenesysApiDeps, 'rate' | 'timeoutMs' | 'firstPauseMs'> &
  Partial<Pick<GenesysApiDeps, 'now' | 'wait' | 'random'>>;

/** The connected organization's API; undefined where none is. */
export function connectGenesys(
  { GENESYS_API_URL, GENESYS_LOGIN_URL, GENESYS_CLIENT_SECRET_ARN }: GenesysEnvironment,
  secrets: SecretsManagerClient,
  pace: Pace,
): GenesysApi | undefined {
  if (GENESYS_API_URL === '') return undefined;
  return createGenesysApi({
    apiUrl: GENESYS_API_URL,
    loginUrl: GENESYS_LOGIN_URL,
    credentials: genesysClientFrom(secrets, GENESYS_CLIENT_SECRET_ARN),
    now: Date.now,
    wait: (ms) => sleep(ms),
    random: Math.random,
    ...pace,
  });
}
