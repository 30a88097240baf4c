import { v7 as uuid } from 'uuid';
import { createIngestOptOut } from '../../lambdas/ingest-opt-out/ingest-opt-out.ts';
import { createManageHold } from '../../lambdas/manage-hold/manage-hold.ts';
import { createRecordPreference } from '../../lambdas/record-preference/record-preference.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import type { KeyEncryptionKey } from '../../lib/adapters/secrets-manager/secrets.ts';
import { sameUuid } from '../../lib/adapters/sqs/same-uuid.ts';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { DeadLetter } from '../../lib/domain/opt-out/dead-letters.ts';
import type { ContactPoints } from '../../lib/domain/ports.ts';
import { NOON } from './facts.ts';
import { SETTINGS } from './genesys-events.ts';
import { MemoryContactPoints } from './memory-contact-points.ts';
import { PEPPER } from './numbers.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

export const KEK: KeyEncryptionKey = { version: 'k1', kek: 'a-kek-for-tests-only-'.repeat(3) };

/** The three Lambdas that change what is known of a contact point, over one store, at a clock that the test sets. */
export function createIntake<Store extends ContactPoints>(contactPoints: Store, residency: Residency = 'US') {
  const clock = { now: NOON };
  const now = () => clock.now;
  const recorded = recordedTelemetry(now);
  const deadLetters: DeadLetter[] = [];
  const deadLetterFailures: Error[] = [];
  const pepper = async () => PEPPER;
  const recordFact = createRecordFact({
    contactPoints,
    pepper,
    kek: async () => KEK,
    residency,
    now,
    newId: uuid,
  });
  const common = { recordFact, telemetry: recorded.telemetry, now };
  return {
    ...recorded,
    clock,
    contactPoints,
    deadLetters,
    /** What the next dead letters fail with. */
    deadLetterFailures,
    ingest: createIngestOptOut({
      ...common,
      settings: SETTINGS,
      contactPoints,
      pepper,
      parkedEntryId: sameUuid,
      deadLetters: {
        send: async (letter) => {
          const failure = deadLetterFailures.shift();
          if (failure !== undefined) throw failure;
          deadLetters.push(letter);
        },
      },
    }),
    preferences: createRecordPreference(common),
    holds: createManageHold(common),
  };
}

export function createMemoryIntake(residency: Residency = 'US') {
  return createIntake(new MemoryContactPoints(), residency);
}

/** Everything that is known, as bytes: what must be equal whatever way it came. */
export function stateBytes({ items }: MemoryContactPoints): string {
  const states = [...items].map(([token, { state }]) => [token, state] as const);
  return canonicalJson(states.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** An HTTP API event, payload format 2.0, of an authorized client. */
export function apiEvent(route: string, body: unknown): Record<string, unknown> {
  const [method = '', path = ''] = route.split(' ');
  return {
    version: '2.0',
    routeKey: route,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      http: { method, path },
      authorizer: {
        jwt: { claims: { client_id: 'client-a', scope: 'dialguard/preferences' }, scopes: null },
      },
    },
  };
}
