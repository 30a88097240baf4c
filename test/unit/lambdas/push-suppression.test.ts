import { describe, expect, it } from 'vitest';
import { createPushSuppression } from '../../../lambdas/push-suppression/push-suppression.ts';
import { CLOSED } from '../../../lib/domain/circuit-breaker.ts';
import { laneOf } from '../../../lib/domain/dialler/changes.ts';
import type { DiallerHealth } from '../../../lib/domain/dialler/health.ts';
import type { TellDialler } from '../../../lib/domain/dialler/tell-dialler.ts';
import { ComplianceError } from '../../../lib/domain/errors.ts';
import type { DeadLetter } from '../../../lib/domain/opt-out/dead-letters.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../support/numbers.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';

const START = 1_000_000;
const ONE = tokenOfNumber(NUMBERS.newYork, PEPPER);
const TWO = tokenOfNumber(NUMBERS.chicago, PEPPER);

const down: TellDialler = async () => {
  throw new ComplianceError({ code: 'GENESYS_BUSY', message: 'expected an answer, but none came' });
};

/** A dialler, its queue and what became of the messages. */
function pusher(tell: TellDialler = async () => []) {
  const told: string[][] = [];
  const parked: DeadLetter[] = [];
  const hidden: [string, number][] = [];
  const written: DiallerHealth[] = [];
  const clock = { now: START };
  const { telemetry, values, lines } = recordedTelemetry(() => clock.now);
  const world = { tell };
  const push = createPushSuppression({
    name: 'north',
    tell(tokens) {
      told.push([...tokens]);
      return world.tell(tokens);
    },
    healths: {
      read: async () => written.at(-1) ?? { circuit: CLOSED },
      write: async (_, health) => void written.push(health),
    },
    deadLetters: { send: async (letter) => void parked.push(letter) },
    hide: async (handle, seconds) => void hidden.push([handle, seconds]),
    telemetry,
    now: () => clock.now,
    random: () => 0,
  });
  const send = async (...bodies: readonly unknown[]) => {
    const Records = bodies.map((body, n) => ({
      messageId: `m${n}`,
      receiptHandle: `r${n}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }));
    const { batchItemFailures } = await push({ Records });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { send, told, parked, hidden, written, clock, world, values, lines };
}

const change = (token: string, since = START) => ({ changes: [{ token, since }] });

describe('push-suppression', () => {
  it('tells each contact point of a batch once, and how late the latest was', async () => {
    const { send, told, values, lines } = pusher();
    expect(await send(change(ONE, START - 500), change(TWO, START - 20), change(ONE, START - 10))).toEqual(
      [],
    );
    expect(told).toEqual([[ONE, TWO]]);
    expect(values('DiallerLagMs')).toEqual([500]);
    expect(lines.join()).toContain('"dialler":"north"');
  });

  it('parks what the dialler never takes, in the form in which it came, and goes on', async () => {
    const { send, parked } = pusher(async () => [{ token: ONE, cause: 'LIST_FULL' }]);
    expect(await send(change(ONE), change(TWO))).toEqual([]);
    expect(parked).toEqual([
      { id: ONE, body: JSON.stringify(change(ONE)), cause: 'LIST_FULL', group: laneOf(ONE) },
    ]);
  });

  it('parks a message that is none of ours and tells the others', async () => {
    const { send, parked, told } = pusher();
    expect(
      await send(
        '{"changes":[]}',
        'nonsense',
        { changes: [{ token: '+12125550100', since: 1 }] },
        change(ONE),
      ),
    ).toEqual([]);
    expect(parked.map(({ id, cause }) => [id, cause])).toEqual([
      ['m0', 'UNREADABLE_MESSAGE'],
      ['m1', 'UNREADABLE_MESSAGE'],
      ['m2', 'UNREADABLE_MESSAGE'],
    ]);
    expect(told).toEqual([[ONE]]);
  });

  it('gives the whole batch back where the dialler fails, hidden for a moment', async () => {
    const { send, hidden, written } = pusher(down);
    expect(await send(change(ONE), change(TWO))).toEqual(['m0', 'm1']);
    expect(hidden).toEqual([
      ['r0', 2],
      ['r1', 2],
    ]);
    expect(written).toEqual([{ circuit: { failures: 1 }, lastFailedAt: START, lastCause: 'GENESYS_BUSY' }]);
  });

  it('leaves a dialler that is down in peace, tries once the pause is over, and forgets it when it is back', async () => {
    const { send, told, hidden, written, clock, world } = pusher(down);
    for (let n = 0; n < 5; n += 1) await send(change(ONE));
    // Three failures open the circuit for two seconds; the two batches after them are not told.
    expect(told).toHaveLength(3);
    expect(hidden.slice(3)).toEqual([
      ['r0', 2],
      ['r0', 2],
    ]);
    clock.now += 2000;
    await send(change(ONE));
    expect(told).toHaveLength(4);
    expect(hidden.at(-1)).toEqual(['r0', 4]);
    clock.now += 4000;
    world.tell = async () => [];
    expect(await send(change(ONE))).toEqual([]);
    expect(written.at(-1)).toEqual({
      circuit: CLOSED,
      lastDoneAt: clock.now,
      lastFailedAt: START + 2000,
      lastCause: 'GENESYS_BUSY',
    });
  });

  it('notes that all is well once in ten seconds, not with every batch', async () => {
    const { send, written, clock } = pusher();
    for (let n = 0; n < 30; n += 1) {
      await send(change(ONE));
      clock.now += 1000;
    }
    expect(written).toHaveLength(3);
  });

  it('logs codes, never a contact point', async () => {
    const { send, lines } = pusher(down);
    await send(change(ONE), 'nonsense');
    expect(lines.join()).toContain('GENESYS_BUSY');
    expect(lines.join()).not.toContain(ONE);
  });
});
