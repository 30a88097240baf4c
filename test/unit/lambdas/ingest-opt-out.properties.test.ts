import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { contextOf } from '../../support/contexts.ts';
import { NOON, PROOF } from '../../support/facts.ts';
import {
  eventText,
  OPT_OUT_CODE,
  OTHER_CODE,
  outboundOptOut,
  sqsRecord,
} from '../../support/genesys-events.ts';
import { apiEvent, createMemoryIntake, stateBytes } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';

const numbers = ['+17815550141', '+17815550142', '+16175550190'];
const number = fc.constantFrom(...numbers);

/** One delivery: an event as Genesys sends it, whole or broken, and when it arrived. */
const delivery = fc
  .record({
    number,
    code: fc.constantFrom(OPT_OUT_CODE, OPT_OUT_CODE, OTHER_CODE, undefined),
    minutes: fc.integer({ min: -5000, max: 20 }),
    session: fc.constantFrom('s-a', 's-b', 's-c'),
    agent: fc.constantFrom('agent-a', 'agent-b', undefined),
    form: fc.constantFrom('acw', 'callback', 'campaign', 'cut', 'no-time'),
    sentAt: fc.constantFrom(NOON, NOON + 1, NOON + 90_000),
  })
  .map(({ form, sentAt, ...said }) => ({ body: bodyOf(form, said), sentAt }));

type Said = {
  number: string;
  code?: string | undefined;
  minutes: number;
  session: string;
  agent?: string | undefined;
};

function bodyOf(form: string, { number, code, minutes, session, agent }: Said): string {
  const common = { wrapupCode: code, eventTime: NOON + minutes * 60_000, sessionId: session, userId: agent };
  switch (form) {
    case 'callback':
      return eventText('acw-callback', { ...common, callbackNumbers: [number] });
    case 'campaign':
      return eventText('post-contact-voice', { ...common, voiceAttributes: { contactPhoneNumber: number } });
    case 'cut':
      return outboundOptOut(number, common).slice(0, -9);
    case 'no-time':
      return outboundOptOut(number, { ...common, eventTime: undefined });
    default:
      return outboundOptOut(number, common);
  }
}

type Delivery = { readonly body: string; readonly sentAt: number };

/** Hands deliveries over in batches of the given sizes, at a clock that goes on. */
async function deliver(deliveries: readonly Delivery[], sizes: readonly number[]) {
  const intake = createMemoryIntake();
  let taken = 0;
  for (let batch = 0; taken < deliveries.length; batch += 1) {
    const size = sizes[batch % sizes.length] ?? 1;
    const Records = deliveries
      .slice(taken, taken + size)
      .map(({ body, sentAt }, index) => sqsRecord(body, `m-${taken + index}`, sentAt));
    expect(await intake.ingest({ Records })).toEqual({ batchItemFailures: [] });
    taken += size;
    intake.clock.now += 1000;
  }
  return intake;
}

describe('I3 convergence', () => {
  test('TB22 TB24 every permutation, duplication and batch split ends in the same bytes', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { minLength: 1, maxLength: 8 }).chain((deliveries) =>
          fc.tuple(
            fc.constant(deliveries),
            fc.array(fc.constantFrom(...deliveries), { maxLength: 6 }).chain((again) => {
              const all = [...deliveries, ...again];
              return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
            }),
          ),
        ),
        sizes,
        async ([once, shuffled], sizesOf) => {
          const straight = await deliver(once, [10]);
          const disordered = await deliver(shuffled, sizesOf);
          expect(stateBytes(disordered.contactPoints)).toBe(stateBytes(straight.contactPoints));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a queue that fails now and then, and delivers again, ends in the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { minLength: 1, maxLength: 6 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        async (deliveries, failures) => {
          const straight = await deliver(deliveries, [10]);
          const intake = createMemoryIntake();
          intake.contactPoints.failures.push(
            ...failures.map((fails) => (fails ? new Error('throttled') : undefined)),
          );
          let waiting = deliveries.map(({ body, sentAt }, index) => sqsRecord(body, `m-${index}`, sentAt));
          for (let attempt = 0; waiting.length > 0; attempt += 1) {
            expect(attempt).toBeLessThan(20);
            const { batchItemFailures } = await intake.ingest({ Records: waiting });
            const failed = new Set<unknown>(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
            waiting = waiting.filter(({ messageId }) => failed.has(messageId));
          }
          expect(stateBytes(intake.contactPoints)).toBe(stateBytes(straight.contactPoints));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('threat 1: no event on the bus can turn BLOCK into ALLOW', async () => {
  const anything = fc.oneof(
    delivery.map(({ body }) => body),
    fc.string(),
    fc.json(),
    fc.constantFrom('GRANTED', 'OPT_IN').map((status) => {
      const grant = { kind: 'consent', status, proof: PROOF, channel: 'ALL', purpose: 'ALL', seller: '*' };
      return outboundOptOut('+17815550141', { ...grant, wrapupCode: OTHER_CODE });
    }),
  );
  const before = fc.array(
    fc.constantFrom<readonly [string, object]>(
      ['POST /v1/opt-outs', { channel: 'ALL' }],
      [
        'POST /v1/consents',
        { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme', status: 'GRANTED', proof: PROOF },
      ],
      ['POST /v1/consents', { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme', status: 'WITHDRAWN' }],
    ),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(
      before,
      fc.array(anything, { minLength: 1, maxLength: 5 }),
      async (statements, bodies) => {
        const intake = createMemoryIntake();
        for (const [route, statement] of statements) {
          const body = { phoneNumber: '+17815550141', source: 'WEBSITE_FORM', by: 'form', ...statement };
          expect(await intake.preferences(apiEvent(route, body))).toMatchObject({ statusCode: 201 });
          intake.clock.now += 1000;
        }
        const token = tokenOfNumber('+17815550141', PEPPER);
        const effect = () => {
          const state = intake.contactPoints.items.get(token)?.state;
          return decide(contextOf(state === undefined ? {} : { state }), DEFAULT_POLICY, 'DIAL').effect;
        };
        const wasBlocked = effect() === 'BLOCK';
        const Records = bodies.map((body, index) => sqsRecord(body, `m-${index}`, intake.clock.now));
        await intake.ingest({ Records });
        if (wasBlocked) expect(effect()).toBe('BLOCK');
      },
    ),
    { numRuns: 300 },
  );
});
