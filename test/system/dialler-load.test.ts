import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latencies, sendOptOuts, startDiallerStack, watchArrivals } from './dialler-stack.ts';
import { consent, optOut } from './preferences.ts';
import { runCommand } from './run-command.ts';
import { eventually } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';

const NUMBERS = Array.from(
  { length: 200 },
  (_, n) => `+1${n < 100 ? '212' : '312'}55501${String(n % 100).padStart(2, '0')}`,
);
const CHANGING = '+17815550141';
const FOREIGN = '+17815550142';
/** Far more than it takes: a machine that is busy with other things proves nothing by being slow. */
const PATIENCE_MS = 240_000;
const GRANT = {
  ...{ phoneNumber: CHANGING, channel: 'ALL', purpose: 'MARKETING', seller: '*', status: 'GRANTED' },
  proof: { textVersion: 'web-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) },
};

let stack: Awaited<ReturnType<typeof startDiallerStack>>;
beforeAll(async () => {
  stack = await startDiallerStack();
});
afterAll(() => stack?.stop());

const dialguard = (...args: readonly string[]) =>
  runCommand(['--endpoints', stack.running.endpointsFile, 'diallers', ...args]);

describe('opt-outs of 100 a second, one dialler down', () => {
  it('reach the other meanwhile, and it once it is back, none lost', async () => {
    const { running, north, south } = stack;
    await south.server.stop();
    const sent = await sendOptOuts(running, NUMBERS, 100);
    const atNorth = await watchArrivals(NUMBERS, north.numbers, PATIENCE_MS);
    expect(south.numbers()).toEqual(new Set());
    expect(await dialguard('status')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^south +(?:DOWN|LATE)/m),
    });
    await south.server.start();
    const atSouth = await watchArrivals(NUMBERS, south.numbers, PATIENCE_MS);
    expect([atNorth.size, atSouth.size]).toEqual([NUMBERS.length, NUMBERS.length]);
    expect([north.server.violations, south.server.violations]).toEqual([[], []]);
    const took = latencies(sent, atNorth);
    process.stdout.write(`event -> on the other's list: p50 ${took[99]} ms, p99 ${took[197]} ms\n`);
  });

  it('end in what was said last, whatever a dialler missed of it', async () => {
    const { running, north, south } = stack;
    await south.server.stop();
    for (let round = 0; round < 3; round += 1) {
      await optOut(running.connection, { phoneNumber: CHANGING });
      await eventually('north lists it', async () => (north.numbers().has(CHANGING) ? true : undefined));
      await consent(running.connection, GRANT);
      await eventually('north lets it go', async () => (north.numbers().has(CHANGING) ? undefined : true));
    }
    await optOut(running.connection, { phoneNumber: CHANGING });
    await south.server.start();
    for (const { numbers } of [north, south])
      await eventually('both list it', async () => (numbers().has(CHANGING) ? true : undefined), PATIENCE_MS);
  });

  it('names nobody in a log, a key, an item, an object or an address', async () => {
    const { running, north, south } = stack;
    const addresses = [north, south].flatMap(({ server }) =>
      server.calls.map(({ path, query }) => `${path}?${query}`),
    );
    const sinks = new Map([...(await sinksOf(running)), ['addresses', addresses.join('\n')]]);
    expect(leaksIn(sinks, [...NUMBERS.filter((_, n) => n % 25 === 0), CHANGING])).toEqual([]);
    expect(running.faults).toEqual([]);
  });
});

describe('a list that was changed behind our back', () => {
  it('is told apart, and mended on both sides', async () => {
    const { north, south } = stack;
    const [missed = ''] = NUMBERS;
    north.meddle(FOREIGN, 'Add');
    for (const list of [north]) list.meddle(missed, 'Remove');
    const isMissed = north.numbers().has(missed) ? 0 : 1;
    const found = await dialguard('--json', 'reconcile', 'north');
    expect({ ...found, stdout: JSON.parse(found.stdout) }).toMatchObject({
      code: 1,
      stdout: [
        { agreed: NUMBERS.length + 1 - isMissed, missing: isMissed, stale: 0, theirs: 1, repaired: false },
      ],
    });
    expect((await dialguard('reconcile', 'north', '--repair')).code).toBe(0);
    await eventually(
      'the other dialler hears of it',
      async () => (south.numbers().has(FOREIGN) ? true : undefined),
      PATIENCE_MS,
    );
    await eventually(
      'it is there again',
      async () => (north.numbers().has(missed) ? true : undefined),
      PATIENCE_MS,
    );
    const mended = await dialguard('--json', 'reconcile', 'north');
    expect(JSON.parse(mended.stdout)).toMatchObject([{ missing: 0, stale: 0, theirs: 0, differences: 0 }]);
  });
});
