import * as z from 'zod';
import { createCheckConsent } from '../../lambdas/check-consent/check-consent.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { ContactPoints, RegistryQuestion } from '../../lib/domain/ports.ts';
import type { Channel } from '../../lib/domain/vocabulary.ts';
import { FlatAnswer } from '../support/check-consent.ts';
import { CLEAN_REGISTRY } from '../support/contexts.ts';
import { uuid } from '../support/entries.ts';
import { sqsRecord } from '../support/genesys-events.ts';
import { apiEvent, createIntake } from '../support/intake.ts';
import { MemoryContactPoints } from '../support/memory-contact-points.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { profileOf, scrubbed } from '../support/scrub.ts';
import { SteppedContactPoints } from '../support/stepped-contact-points.ts';
import type { About, OptOut, System, World } from './system.ts';

const Status = z.looseObject({ statusCode: z.literal([200, 201]) });

/** Dialguard's own Lambdas over one store, as a system that the laws can question. */
export function createDialguard(world: World, inner: ContactPoints = new MemoryContactPoints()) {
  const store = new SteppedContactPoints(inner, async () => {
    await world.step();
    if (world.storeDown) throw new Error('ProvisionedThroughputExceededException');
  });
  const listed = new Map<string, number>();
  const intake = createIntake(store, world.residency);
  const checkConsent = checkOver(world, store, { listed, intake });
  let events = 0;
  const tell = async (handler: (event: unknown) => Promise<unknown>, route: string, body: object) => {
    intake.clock.now = world.now;
    events += 1;
    Status.parse(await handler(apiEvent(route, { eventId: `event-${events}`, by: 'agent-1', ...body })));
  };
  const system: System = {
    check: async (contact, channel = 'VOICE', about = {}) =>
      (await ask({ phone: contact, channel, about })).decision,
    tell: (route, contact, body) =>
      tell(intake.preferences, `POST /v1/${route}`, { ...named(contact), ...body }),
    optOut: ({ phone, channel = 'VOICE', expiresAt }: OptOut) =>
      tell(intake.preferences, 'POST /v1/opt-outs', {
        phoneNumber: phone,
        channel,
        source: 'WEBSITE_FORM',
        ...(expiresAt === undefined ? {} : { expiresAt, reason: 'INTERNAL_POLICY' }),
      }),
    placeHold: async (phone) => {
      intake.clock.now = world.now;
      Status.parse(
        await intake.holds(
          apiEvent('POST /v1/holds', { phoneNumber: phone, caseId: 'case-1', by: 'legal-1' }),
        ),
      );
    },
    importRegistry: async (phone, expiresAt) => void listed.set(phone, Date.parse(expiresAt)),
    wrapUp: async (event) => {
      intake.clock.now = world.now;
      const answer = await intake.ingest({ Records: [sqsRecord(JSON.stringify(event), 'm-1', world.now)] });
      if (answer.batchItemFailures.length > 0) throw new Error('wanted again');
    },
    scrub: async (csv, phoneColumn) => {
      const file = await scrubbed(csv, {
        basis: { pepper: PEPPER, profile: profileOf({ phoneColumns: [phoneColumn] }) },
        contactPoints: { reads: [], read: (tokens) => store.read(tokens) },
      });
      return file.result.kind === 'SCRUBBED' ? file.approved : undefined;
    },
    firstRequestedAt: async (phone) => {
      const [found] = await store.read([tokenOfNumber(phone, PEPPER)]);
      const [first] = Object.values(found?.state.suppressions ?? {});
      return first && new Date(first.firstEffectiveAt).toISOString();
    },
    output: () => intake.lines.join('\n'),
  };

  async function ask({ phone, channel = 'VOICE', requestId, about }: Question): Promise<FlatAnswer> {
    intake.clock.now = world.now;
    const input = {
      ...named(phone),
      channel,
      purpose: 'MARKETING',
      seller: 'acme',
      technology: 'LIVE',
      product: 'OTHER',
      requestId,
      ...about,
    };
    return FlatAnswer.parse(await checkConsent(input));
  }

  const attempts = async (phone: string) => {
    const [found] = await inner.read([tokenOfNumber(phone, PEPPER)]);
    return found?.state.attempts ?? [];
  };
  return { ...system, ask, attempts };
}

type Question = {
  readonly phone: string;
  readonly channel?: Channel;
  readonly requestId?: string;
  readonly about?: About;
};

const named = (contact: string) => (contact.includes('@') ? { email: contact } : { phoneNumber: contact });

function checkOver(
  world: World,
  store: ContactPoints,
  { listed, intake }: { listed: ReadonlyMap<string, number>; intake: ReturnType<typeof createIntake> },
) {
  const registryFact = ({ registry, e164 }: RegistryQuestion) => ({
    ...CLEAN_REGISTRY,
    registry,
    listed: (listed.get(e164) ?? 0) > world.now,
    versionAt: world.registryVersionAt ?? world.now,
  });
  let ids = 0;
  return createCheckConsent({
    facts: {
      readForDecision: async (tokens, questions) => ({
        contactPoints: await store.read(tokens),
        registries: questions.map(registryFact),
      }),
    },
    contactPoints: store,
    progress: { isLoggedUntil: async () => true },
    alerts: { attemptBlocked: async () => undefined },
    pepper: async () => PEPPER,
    policy: DEFAULT_POLICY,
    residency: world.residency ?? 'US',
    budgetMs: 20_000,
    now: () => world.now,
    newId: () => {
      ids += 1;
      return uuid(ids, world.now);
    },
    telemetry: intake.telemetry,
  });
}
