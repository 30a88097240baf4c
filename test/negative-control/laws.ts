import { deepStrictEqual, equal, notEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { DAY_MS, NOON } from '../support/facts.ts';
import { fixture, OPT_OUT_CODE } from '../support/genesys-events.ts';
import type { CreateSystem, System, World } from './system.ts';

export type Law = {
  readonly trap: string;
  readonly title: string;
  /** What it looks like when the published recipe breaks it. */
  readonly breach: RegExp;
  /** Rejects if the system breaks the law. */
  readonly holds: (create: CreateSystem) => Promise<void>;
};

export const PERSON = '+12125550140';
const OTHER = '+12125550141';
const OWN_CALLER_ID = '+16175550190';
export const iso = (at: number) => new Date(at).toISOString();

export function worldAt(now = NOON): World {
  return { now, step: async () => undefined, storeDown: false };
}

export function on(scenario: (system: System, world: World) => Promise<void>): Law['holds'] {
  return async (create) => {
    const world = worldAt();
    await scenario(create(world), world);
  };
}

/** The event of a real after-call work, which also carries every field that the published recipe reads. */
function wrapUpEvent(body: Readonly<Record<string, unknown>>, flat: object = {}): object {
  const event = fixture('acw-outbound');
  const eventBody = { ...event.detail.eventBody, wrapupCode: OPT_OUT_CODE, ...body };
  return { ...event, detail: { ...event.detail, ...flat, eventBody } };
}

/** What a person may write where a number is asked for, and no library reads as one. */
const unreadable = fc.oneof(
  fc.string().filter((text) => !/\d/.test(text)),
  fc.constantFrom(
    '',
    '911',
    '555-0100',
    'tel:',
    '+1',
    '+1 212 555 01',
    '015123456789',
    'call me',
    '+999123456789',
  ),
);

/**
 * A check that is made after an opt-out was acknowledged never says ALLOW (I1), however the two and others' calls to the
 * store follow one another. An opt-out of another day has just expired on the same number.
 */
export function neverAllowedAfterOptOut(
  create: CreateSystem,
  { numRuns, phoneOf = () => PERSON }: { numRuns: number; phoneOf?: () => string },
): Promise<void> {
  const calls = fc.array(fc.constantFrom<'check' | 'optOut'>('check', 'optOut'), {
    minLength: 2,
    maxLength: 4,
  });
  return fc.assert(
    fc.asyncProperty(fc.scheduler(), calls, async (scheduler, kinds) => {
      const world = worldAt();
      const system = create(world);
      const phone = phoneOf();
      await system.optOut({ phone, expiresAt: iso(NOON + 1) });
      world.now = NOON + 2;
      world.step = () => scheduler.schedule(Promise.resolve());
      let clock = 0;
      const tick = () => {
        clock += 1;
        return clock;
      };
      const made = kinds.map(async (kind) => {
        await world.step();
        const invokedAt = tick();
        const outcome = kind === 'check' ? await system.check(phone) : await system.optOut({ phone });
        return { kind, outcome, invokedAt, doneAt: tick() };
      });
      const calls = await scheduler.waitFor(Promise.all(made));
      world.step = async () => undefined;
      calls.push({ kind: 'check', outcome: await system.check(phone), invokedAt: tick(), doneAt: tick() });
      const optedOutAt = Math.min(
        ...calls.filter(({ kind }) => kind === 'optOut').map(({ doneAt }) => doneAt),
      );
      const wrong = calls.filter(({ outcome, invokedAt }) => outcome === 'ALLOW' && invokedAt > optedOutAt);
      deepStrictEqual(wrong, []);
    }),
    { numRuns },
  );
}

export const LAWS: readonly Law[] = [
  {
    trap: 'TB1',
    title: 'a number that cannot be read is not called',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system) => {
      await fc.assert(
        fc.asyncProperty(unreadable, async (phone) => equal(await system.check(phone), 'BLOCK')),
        { numRuns: 50 },
      );
    }),
  },
  {
    trap: 'TB2',
    title: 'a list without the column that holds the numbers lets nobody through',
    breach: /let through under/,
    holds: on(async (system) => {
      await system.optOut({ phone: PERSON, channel: 'VOICE' });
      for (const header of ['Phone', 'phone;name', '\ufeffphones']) {
        const approved = await system.scrub(`${header},id\n${PERSON},1\n`, 'phone');
        ok(!approved?.includes(PERSON), `let through under ${header}`);
      }
    }),
  },
  {
    trap: 'TB3',
    title: 'a store that fails is a BLOCK, not the end of the call',
    breach: /ProvisionedThroughputExceeded/,
    holds: on(async (system, world) => {
      world.storeDown = true;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB4',
    title: 'no check undoes an opt-out, whatever follows what',
    breach: /outcome: 'ALLOW'/,
    holds: (create) => neverAllowedAfterOptOut(create, { numRuns: 300 }),
  },
  {
    trap: 'TB5',
    title: 'a registry download does not end a request when its own entry ends',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system, world) => {
      await system.optOut({ phone: PERSON });
      await system.importRegistry(PERSON, iso(NOON + 1));
      world.now = NOON + 2;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB35',
    title: 'nothing but Legal ends a hold',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system, world) => {
      await system.placeHold(PERSON);
      await system.importRegistry(PERSON, iso(NOON + 1));
      await system.optOut({ phone: PERSON, expiresAt: iso(NOON + 1) });
      world.now = NOON + 2;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB7',
    title: 'a temporary request does not shorten a permanent one',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system, world) => {
      await system.optOut({ phone: PERSON });
      await system.optOut({ phone: PERSON, expiresAt: iso(NOON + 1) });
      world.now = NOON + 2;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB8',
    title: 'a replay does not move the time of the first request',
    breach: /\+ '2026-11-21/,
    holds: on(async (system, world) => {
      await system.optOut({ phone: PERSON });
      world.now = NOON + DAY_MS;
      await system.optOut({ phone: PERSON });
      equal(await system.firstRequestedAt(PERSON), iso(NOON));
    }),
  },
  {
    trap: 'TB9',
    title: 'an expiry with an offset is understood',
    breach: /offset-naive/,
    holds: on(async (system, world) => {
      await system.optOut({ phone: PERSON, expiresAt: '2026-11-20T17:30:00+02:00' });
      equal(await system.check(PERSON), 'BLOCK');
      world.now = Date.parse('2026-11-20T15:30:00Z');
      equal(await system.check(PERSON), 'ALLOW');
    }),
  },
  {
    trap: 'TB10',
    title: 'an opt-out that ends at noon has ended at noon',
    breach: /'BLOCK' !== 'ALLOW'/,
    holds: on(async (system, world) => {
      await system.optOut({ phone: PERSON, expiresAt: iso(NOON + 1) });
      equal(await system.check(PERSON), 'BLOCK');
      world.now = NOON + 1;
      equal(await system.check(PERSON), 'ALLOW');
    }),
  },
  {
    trap: 'TB15',
    title: 'nobody is called at night',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system, world) => {
      world.now = NOON + 12 * 3_600_000;
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB16',
    title: 'an opt-out of text messages leaves calls alone',
    breach: /'BLOCK' !== 'ALLOW'/,
    holds: on(async (system) => {
      await system.optOut({ phone: PERSON, channel: 'SMS' });
      equal(await system.check(PERSON, 'SMS'), 'BLOCK');
      equal(await system.check(PERSON, 'VOICE'), 'ALLOW');
    }),
  },
  {
    trap: 'TB17',
    title: 'a real wrap-up event takes effect',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system) => {
      await system.wrapUp(wrapUpEvent({ dnis: `tel:${PERSON}`, ani: `tel:${OWN_CALLER_ID}` }));
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB18',
    title: 'after an outbound call it is the customer who is not called again',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system) => {
      const flat = { wrapUpCode: { name: 'DNC' }, ani: OWN_CALLER_ID, dnis: PERSON };
      await system.wrapUp(wrapUpEvent({ dnis: `tel:${PERSON}`, ani: `tel:${OWN_CALLER_ID}` }, flat));
      equal(await system.check(PERSON), 'BLOCK');
      equal(await system.check(OWN_CALLER_ID), 'ALLOW');
    }),
  },
  {
    trap: 'TB20',
    title: 'a malformed event is put aside instead of coming back for ever',
    breach: /Invalid phone number/,
    holds: on(async (system) => {
      await system.wrapUp(wrapUpEvent({ dnis: 'tel:?' }, { wrapUpCode: { name: 'DNC' }, ani: 'unknown' }));
    }),
  },
  {
    trap: 'TB21',
    title: 'the code counts, not the name that somebody gave it',
    breach: /'ALLOW' !== 'BLOCK'/,
    holds: on(async (system) => {
      const flat = { wrapUpCode: { id: OPT_OUT_CODE, name: 'Nicht mehr anrufen' }, ani: PERSON };
      await system.wrapUp(wrapUpEvent({ direction: 'INBOUND', ani: `tel:${PERSON}` }, flat));
      equal(await system.check(PERSON), 'BLOCK');
    }),
  },
  {
    trap: 'TB31',
    title: 'no number is written to a log',
    breach: /a number in the log/,
    holds: on(async (system) => {
      await system.optOut({ phone: PERSON });
      await system.check(PERSON);
      notEqual(system.output(), '');
      ok(!system.output().includes(PERSON.slice(-7)), 'a number in the log');
    }),
  },
  {
    trap: 'TB32',
    title: 'the rows that pass a scrub are the bytes that came, in their order',
    breach: /\+ 'id,phone\\n1/,
    holds: on(async (system) => {
      const csv = `id,phone\r\n"1",${PERSON}\r\n2,${OTHER}\r\n`;
      equal(await system.scrub(csv, 'phone'), csv);
    }),
  },
];
