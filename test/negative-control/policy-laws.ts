import { equal } from 'node:assert/strict';
import { DAY_MS, NOON, PROOF, WRITING } from '../support/facts.ts';
import { iso, type Law, on, PERSON, worldAt } from './laws.ts';
import type { System, World } from './system.ts';

// What the law asks of a call, a text or an e-mail, on both sides of its boundary, by the id of the rule. The recipe knows
// a list of numbers and nothing else.

const [FLORIDIAN, ALABAMIAN] = ['+13055550142', '+12055550143'];
const [GERMAN, SPANIARD, PARISIAN] = ['+4930901820', '+34612345678', '+33123456789'];
const CUSTOMER = 'casey.fixture@example.com';
const HOUR_MS = 3_600_000;

/** The recipe lets through who may not be called, or keeps back who may. */
const LETS_THROUGH = /'ALLOW' !== 'BLOCK'/;
const KEEPS_BACK = /'BLOCK' !== 'ALLOW'/;

const SAID = { source: 'WEBSITE_FORM', by: 'web', seller: 'acme' };
const GRANT = { ...SAID, channel: 'VOICE', purpose: 'MARKETING', status: 'GRANTED', proof: PROOF };
const IN_WRITING = { ...GRANT, proof: { ...PROOF, written: WRITING } };

/** The same in the European Union. */
function inEurope(scenario: (system: System, world: World) => Promise<void>): Law['holds'] {
  return async (create) => {
    const world: World = { ...worldAt(), residency: 'EU' };
    await scenario(create(world), world);
  };
}

type Effects = Readonly<Record<string, 'ALLOW' | 'BLOCK'>>;

/** What a check says at each of some moments, in their order. */
async function saysAt(world: World, check: () => Promise<'ALLOW' | 'BLOCK'>, effects: Effects) {
  for (const [time, effect] of Object.entries(effects)) {
    world.now = Date.parse(time);
    equal(await check(), effect);
  }
}

const LAWS_OF_HOURS: readonly Law[] = [
  {
    trap: 'us-calling-hours',
    title: 'from eight to nine where the called party is',
    breach: LETS_THROUGH,
    holds: on((system, world) =>
      saysAt(world, () => system.check(PERSON), {
        '2026-11-20T12:59:59.999Z': 'BLOCK',
        '2026-11-20T13:00:00Z': 'ALLOW',
        '2026-11-21T01:59:59.999Z': 'ALLOW',
        '2026-11-21T02:00:00Z': 'BLOCK',
      }),
    ),
  },
  {
    trap: 'us-fl-hours',
    title: 'to eight in Florida',
    breach: LETS_THROUGH,
    holds: on((system, world) =>
      saysAt(world, () => system.check(FLORIDIAN), {
        '2026-11-21T00:59:59.999Z': 'ALLOW',
        '2026-11-21T01:00:00Z': 'BLOCK',
      }),
    ),
  },
  {
    trap: 'us-al-sundays',
    title: 'on no Sunday in Alabama',
    breach: LETS_THROUGH,
    holds: on((system, world) =>
      saysAt(world, () => system.check(ALABAMIAN), {
        '2026-11-21T18:00:00Z': 'ALLOW',
        '2026-11-22T18:00:00Z': 'BLOCK',
        '2026-11-23T18:00:00Z': 'ALLOW',
      }),
    ),
  },
  {
    trap: 'fr-hours',
    title: 'not over lunch in France',
    breach: LETS_THROUGH,
    holds: inEurope(async (system, world) => {
      await system.tell('consents', PARISIAN, GRANT);
      await saysAt(world, () => system.check(PARISIAN, 'VOICE', { audience: 'CONSUMER' }), {
        '2026-11-23T11:59:59.999Z': 'ALLOW',
        '2026-11-23T12:00:00Z': 'BLOCK',
        '2026-11-23T13:00:00Z': 'ALLOW',
      });
    }),
  },
];

const LAWS_OF_LISTS: readonly Law[] = [
  {
    trap: 'us-national-registry',
    title: 'a customer of the last 18 months may be called though listed, and no longer',
    breach: KEEPS_BACK,
    holds: on(async (system, world) => {
      await system.importRegistry(PERSON, '2030-01-01T00:00:00Z');
      const bought = { event: 'TRANSACTION', at: '2025-05-20T15:00:00Z' };
      await system.tell('relationships', PERSON, { ...SAID, ...bought });
      await saysAt(world, () => system.check(PERSON), {
        '2026-11-20T14:59:59.999Z': 'ALLOW',
        '2026-11-20T15:00:00Z': 'BLOCK',
      });
    }),
  },
  {
    trap: 'us-national-registry-age',
    title: 'no list older than 31 days',
    breach: LETS_THROUGH,
    holds: on(async (system, world) => {
      const today = Math.floor(NOON / DAY_MS) * DAY_MS;
      world.registryVersionAt = today - 31 * DAY_MS;
      equal(await system.check(PERSON), 'ALLOW');
      world.registryVersionAt = today - 32 * DAY_MS;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'us-reassigned-number',
    title: 'nobody is called who got the number of another since',
    breach: LETS_THROUGH,
    holds: on(async (system) => {
      equal(await system.check(PERSON), 'ALLOW');
      const { source, by } = SAID;
      await system.tell('reassignments', PERSON, { source, by, answer: 'YES', at: iso(NOON - DAY_MS) });
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
];

const LAWS_OF_CONSENT: readonly Law[] = [
  {
    trap: 'us-automated-written-consent',
    title: 'no recorded voice without a signed writing',
    breach: LETS_THROUGH,
    holds: on(async (system) => {
      const recorded = () => system.check(PERSON, 'VOICE', { technology: 'PRERECORDED' });
      equal(await recorded(), 'BLOCK');
      await system.tell('consents', PERSON, GRANT);
      equal(await recorded(), 'BLOCK');
      await system.tell('consents', PERSON, IN_WRITING);
      equal(await recorded(), 'ALLOW');
    }),
  },
  {
    trap: 'us-revoke-all',
    title: 'a STOP to texts ends automated calls from 31 January 2027 on, and not before',
    breach: KEEPS_BACK,
    holds: on(async (system, world) => {
      await system.tell('consents', PERSON, IN_WRITING);
      await system.optOut({ phone: PERSON, channel: 'SMS' });
      await saysAt(world, () => system.check(PERSON, 'VOICE', { technology: 'AUTOMATED' }), {
        '2027-01-30T15:00:00Z': 'ALLOW',
        '2027-01-31T15:00:00Z': 'BLOCK',
      });
    }),
  },
  {
    trap: 'de-calls',
    title: 'no call to Germany without consent, nor after an objection',
    breach: LETS_THROUGH,
    holds: inEurope(async (system, world) => {
      equal(await system.check(GERMAN), 'BLOCK');
      await system.tell('consents', GERMAN, GRANT);
      equal(await system.check(GERMAN), 'ALLOW');
      world.now += 1000;
      await system.tell('consents', GERMAN, { ...GRANT, status: 'OBJECTED', proof: undefined });
      equal(await system.check(GERMAN), 'BLOCK');
    }),
  },
  {
    trap: 'es-consent-renewal',
    title: 'consent in Spain lapses after two years',
    breach: LETS_THROUGH,
    holds: inEurope(async (system, world) => {
      await system.tell('consents', SPANIARD, { ...GRANT, effectiveAt: '2024-11-20T15:00:00Z' });
      await saysAt(world, () => system.check(SPANIARD), {
        '2026-11-20T14:59:59.999Z': 'ALLOW',
        '2026-11-20T15:00:00Z': 'BLOCK',
      });
    }),
  },
  {
    trap: 'fr-calls',
    title: 'opt-in in France from 11 August 2026',
    breach: LETS_THROUGH,
    holds: inEurope((system, world) =>
      saysAt(world, () => system.check(PARISIAN, 'VOICE', { audience: 'CONSUMER' }), {
        '2026-08-10T09:00:00Z': 'ALLOW',
        '2026-08-11T09:00:00Z': 'BLOCK',
      }),
    ),
  },
  {
    trap: 'gb-messages',
    title: 'an e-mail to an own customer on its terms, to nobody else, and never after an opt-out',
    breach: LETS_THROUGH,
    holds: inEurope(async (system, world) => {
      const written = (softOptIn: boolean) =>
        system.check(CUSTOMER, 'EMAIL', { defaultRegion: 'GB', softOptIn });
      equal(await written(true), 'BLOCK');
      const softOptIn = { obtainedIn: 'SALE', optOutOffered: true };
      const sold = { channel: 'EMAIL', status: 'SOFT_OPT_IN', proof: { ...PROOF, softOptIn } };
      await system.tell('consents', CUSTOMER, { ...GRANT, ...sold });
      equal(await written(true), 'ALLOW');
      equal(await written(false), 'BLOCK');
      world.now += 1000;
      await system.tell('opt-outs', CUSTOMER, { source: 'EMAIL_REPLY', channel: 'EMAIL' });
      equal(await written(true), 'BLOCK');
    }),
  },
];

const LAWS_OF_FREQUENCY: readonly Law[] = [
  {
    trap: 'us-fl-attempts',
    title: 'three calls in 24 hours in Florida',
    breach: LETS_THROUGH,
    holds: on(async (system, world) => {
      for (const effect of ['ALLOW', 'ALLOW', 'ALLOW', 'BLOCK'] as const) {
        equal(await system.check(FLORIDIAN), effect);
        world.now += 1000;
      }
      world.now = NOON + 24 * HOUR_MS;
      equal(await system.check(FLORIDIAN), 'ALLOW');
    }),
  },
  {
    trap: 'us-collection-frequency',
    title: 'seven calls about a debt in seven days, and none in the week of a conversation',
    breach: LETS_THROUGH,
    holds: on(async (system, world) => {
      const collect = () => system.check(PERSON, 'VOICE', { purpose: 'COLLECTION' });
      for (let call = 1; call <= 7; call += 1) equal(await collect(), 'ALLOW');
      equal(await collect(), 'BLOCK');
      world.now = NOON + 7 * DAY_MS;
      equal(await collect(), 'ALLOW');
      await system.tell('conversations', PERSON, { ...SAID, at: iso(world.now) });
      world.now += 6 * DAY_MS;
      equal(await collect(), 'BLOCK');
      world.now += DAY_MS;
      equal(await collect(), 'ALLOW');
    }),
  },
];

export const POLICY_LAWS: readonly Law[] = [
  ...LAWS_OF_HOURS,
  ...LAWS_OF_LISTS,
  ...LAWS_OF_CONSENT,
  ...LAWS_OF_FREQUENCY,
];
