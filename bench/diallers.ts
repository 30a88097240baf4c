import { parseArgs } from 'node:util';
import { latencies, sendOptOuts, startDiallerStack, watchArrivals } from '../test/system/dialler-stack.ts';

/**
 * How late diallers hear of opt-outs, from the event on the bus to the dialler's own list, by the deployed bundles on the local
 * stack: first both, then one while the other is down, and how long that one takes to catch up. Exits with 1 if one is lost.
 *
 *   node bench/diallers.ts --seconds 30 --down 600
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, down: { type: 'string', default: '0' } },
});
const PER_SECOND = 100;
const PATIENCE_MS = 1_200_000;

const stack = await startDiallerStack();
const { running, north, south } = stack;
let made = 0;

try {
  const both = numbers(Number(values.seconds) * PER_SECOND);
  const arrivals = [north, south].map(({ numbers: current }) => watchArrivals(both, current, PATIENCE_MS));
  const sent = await sendOptOuts(running, both, PER_SECOND);
  for (const [place, name] of ['north (Genesys Cloud)', 'south (NICE CXone)'].entries()) {
    report(`${name}, both up`, sent, (await arrivals[place]) ?? new Map());
  }
  if (Number(values.down) > 0) await oneDown(Number(values.down));
} finally {
  await stack.stop();
}

async function oneDown(seconds: number): Promise<void> {
  await south.server.stop();
  const meanwhile = numbers(seconds * PER_SECOND);
  const atNorth = watchArrivals(meanwhile, north.numbers, PATIENCE_MS);
  const sent = await sendOptOuts(running, meanwhile, PER_SECOND);
  report(`north, south down for ${seconds} s`, sent, await atNorth);
  await south.server.start();
  const back = Date.now();
  const atSouth = await watchArrivals(meanwhile, south.numbers, PATIENCE_MS);
  report('south, after it was back', new Map(meanwhile.map((number) => [number, back])), atSouth);
}

/** Valid numbers of New York, each once. */
function numbers(count: number): readonly string[] {
  made += count;
  return Array.from({ length: count }, (_, n) => `+1212${String(2_000_000 + made - count + n)}`);
}

function report(what: string, sent: ReadonlyMap<string, number>, arrived: ReadonlyMap<string, number>): void {
  const took = latencies(sent, arrived);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  const lost = sent.size - arrived.size;
  if (lost > 0) process.exitCode = 1;
  process.stdout.write(
    `${what}: ${sent.size} opt-outs, ${lost} lost; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, last ${took.at(-1)} ms\n`,
  );
}
