import { LARGEST_BATCH } from '../../lib/domain/notice/batches.ts';
import { type Notice, NoticeState } from '../../lib/domain/notice/notice.ts';
import type { Fault } from './genesys-cloud/server.ts';
import type { Mortality } from './killable.ts';
import type { NoticeWorld } from './notice-world.ts';
import { Random } from './random.ts';

const HEADER = 'recipientId,phone,email,preferredLanguage,country,channelPreference';

/** Each has a hundred numbers that are nobody's, 555-0100 to 555-0199. */
const AREA_CODES = [
  ...[201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217],
  ...[218, 219, 224, 225, 228, 229, 231, 234, 239, 240],
];

/** A list of at most 12,500 recipients: most have an e-mail address, some a number alone, some nothing that can be read. */
export function stormList(recipients: number): string {
  const rows = Array.from({ length: recipients }, (_, at) => {
    const language = ['en', 'es', 'fr'][at % 3] ?? 'en';
    if (at % 97 === 50) return `r-${at},,not an address,${language},US,`;
    if (at % 5 > 0) return `r-${at},,s${at}@example.com,${language},US,`;
    const nth = at / 5;
    const number = `+1${AREA_CODES[Math.floor(nth / 100)]}55501${String(nth % 100).padStart(2, '0')}`;
    return `r-${at},${number},,${language},US,`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** Trouble of a platform, in an order that repeats: limits, outages, answers that are lost after the call was carried out. */
export function stormFaults(random: Random, count: number): Fault[] {
  const method = 'POST';
  const path = /contactlists|campaigns|responses/;
  const faults: readonly Fault[] = [
    { kind: 'STATUS', status: 429, retryAfterSeconds: 3 },
    { kind: 'STATUS', status: 429 },
    { kind: 'STATUS', status: 503 },
    { kind: 'STATUS', status: 503, method, path, acted: true },
    { kind: 'NO_ANSWER', method, path, acted: true },
    { kind: 'NO_ANSWER', method, path: /contacts$/, acted: true },
    { kind: 'NO_ANSWER' },
  ];
  return Array.from({ length: count }, () => random.pick(faults));
}

type End = (life: Mortality) => void;

/** The first four where it hurts most, the others anywhere. */
function endOf(kill: number, recipients: number, random: Random): End {
  const handOver = /POST .*contacts$/;
  const worst: readonly End[] = [
    // While the list is loaded.
    (life) => life.killAtNamed(/PutItem/, Math.ceil(recipients / 3), 'AFTER'),
    // A batch is marked, and not handed over.
    (life) => life.killAtNamed(handOver, 1, 'BEFORE'),
    // A batch is handed over, and nobody has heard the answer.
    (life) => life.killAtNamed(handOver, 1, 'AFTER'),
    // It is on record, and none of it is marked as taken.
    (life) => life.killAtNamed(/record/, 1, 'AFTER'),
  ];
  const at = 1 + random.below(Math.ceil(recipients / 4));
  const when = random.chance(0.5) ? 'BEFORE' : 'AFTER';
  return worst[kill] ?? ((life) => life.killAt(at, when));
}

export type StormResult = {
  readonly kills: number;
  readonly runs: number;
  readonly states: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  /** How long the platform needs for the same at its own pace, with nothing in its way. */
  readonly leastMs: number;
};

/**
 * Sends an incident's notices while the platform fails and runs are killed, until all have ended.
 *
 * @throws Error where somebody was sent a notice twice on one channel, or is neither told nor in a named state.
 */
export async function storm(
  world: NoticeWorld,
  { recipients, kills, faults, seed }: { recipients: number; kills: number; faults: number; seed: number },
): Promise<StormResult> {
  const random = new Random(seed);
  const { id } = await world.release(stormList(recipients));
  const begunAt = world.clock.now;
  let [killed, runs] = [0, 0];
  while ((await world.incidents.read(id))?.state === 'NOTIFYING') {
    const before = world.platform.posts.length;
    runs += 1;
    if (runs > 60 + kills + recipients / 50) throw new Error('expected the notices to end');
    if (runs <= 6) world.fake.fail(...stormFaults(random, Math.ceil(faults / 6)));
    if (killed < kills && (await world.runAndDie(endOf(killed, recipients, random)))) killed += 1;
    else if (killed >= kills) await world.run();
    checkBatches(world.platform.posts.slice(before));
  }
  const notices = await world.notices(id);
  check(world, notices, recipients);
  return {
    kills: killed,
    runs,
    states: Object.fromEntries(
      NoticeState.options.map((state) => [state, notices.filter((one) => one.state === state).length]),
    ),
    elapsedMs: world.clock.now - begunAt,
    leastMs: leastTime(world),
  };
}

/** Those of one run: a hundred at most, and at least fifty but for the last of a list. What is repeated counts once. */
function checkBatches(posts: NoticeWorld['platform']['posts']): void {
  const fresh = posts.filter((post) => post.fresh > 0);
  for (const list of Map.groupBy(fresh, ({ listId }) => listId).values()) {
    const sizes = list.map(({ size }) => size);
    const small = sizes.slice(0, -1).filter((size) => size < LARGEST_BATCH / 2);
    if (small.length > 0 || sizes.some((size) => size > LARGEST_BATCH)) {
      throw new Error(`expected batches of 50 to 100, got ${sizes.join(', ')}`);
    }
  }
}

function check(world: NoticeWorld, notices: readonly Notice[], recipients: number): void {
  if (notices.length !== recipients) throw new Error(`expected ${recipients} notices, got ${notices.length}`);
  const sends = [...world.platform.sends.values()];
  if (sends.some((times) => times !== 1)) throw new Error('expected one send for each contact');
  const delivered = notices.filter(({ state }) => state === 'DELIVERED');
  const addresses = new Set([...world.platform.contacts.values()].map(({ data }) => data['Address']));
  if (addresses.size !== sends.length) throw new Error('expected each address once');
  if (delivered.length !== sends.length) throw new Error('expected as many delivered as the platform sent');
  const open = notices.filter(({ state }) => state === 'PENDING' || state === 'SENDING' || state === 'SENT');
  if (open.length > 0) throw new Error(`expected every notice to have ended, ${open.length} have not`);
}

/** The slowest campaign's own time. */
function leastTime({ platform }: NoticeWorld): number {
  const times = [...platform.campaigns.values()].map(({ contactList, messagesPerMinute }) => {
    const contacts = [...platform.contacts.values()].filter(({ listId }) => listId === contactList.id);
    return (contacts.length / messagesPerMinute) * 60_000;
  });
  return Math.max(...times);
}
