import * as z from 'zod';
import type { GenesysApi } from './cloud-api.ts';

const Numbers = z.object({
  entities: z
    .array(
      z.object({
        phoneNumber: z.string(),
        provisionedThroughPureCloud: z.boolean().optional(),
        integration: z.object({ id: z.string() }).optional(),
      }),
    )
    .default([]),
});

/** The carrier of every number that Genesys provides itself. */
const GENESYS_CARRIER = 'genesys-cloud';

/**
 * Whose routes messages from a number of the operator's go by: the id of the integration that it was imported from, which is
 * one carrier's, or Genesys Cloud's own. `UNKNOWN` where the platform does not say, which no allow-list names.
 */
export async function carrierOf(api: GenesysApi, e164: string): Promise<string> {
  const query = { phoneNumber: e164.slice(1) };
  const { entities } = await api.send(
    { method: 'GET', path: '/api/v2/routing/sms/phonenumbers', query },
    Numbers,
  );
  const found = entities.find(({ phoneNumber }) => phoneNumber === e164);
  if (found?.integration !== undefined) return found.integration.id;
  return found?.provisionedThroughPureCloud === true ? GENESYS_CARRIER : 'UNKNOWN';
}
