// Notices to 10,000 recipients of a breach, through a platform in trouble and with 20 runs killed anywhere: each is sent
// one, or ends in a named state. How long it takes is told against the platform's own pace. Usage: node bench/notices.ts
import { startLocalS3 } from '../test/contract/local-s3.ts';
import { startDynalite } from '../test/support/dynalite.ts';
import { NOON } from '../test/support/facts.ts';
import { storm } from '../test/support/notice-storm.ts';
import { createListBucket, createNoticeWorld, textsIn } from '../test/support/notice-world.ts';

const RECIPIENTS = Number(process.argv[2] ?? 10_000);
const KILLS = Number(process.argv[3] ?? 20);

const db = await startDynalite();
const s3 = await startLocalS3();
await createListBucket(s3.client());
const allow = { decision: 'ALLOW', decisionId: 'd-1', reason: 'PERMITTED', nextAllowedAt: '' };
const world = await createNoticeWorld(
  { db, s3: () => s3.client() },
  { now: NOON },
  { check: async () => allow, templates: textsIn('en', 'es', 'fr') },
);
const began = performance.now();
const options = { recipients: RECIPIENTS, kills: KILLS, faults: RECIPIENTS / 25, seed: 7 };
const { states, kills, runs, elapsedMs, leastMs } = await storm(world, options);
const sizes = Map.groupBy(
  world.platform.posts.filter(({ fresh }) => fresh > 0),
  ({ size }) => size,
);
const batches = [...sizes].toSorted(([a], [b]) => b - a).map(([size, all]) => `${all.length} of ${size}`);
const minutes = (ms: number) => `${(ms / 60_000).toFixed(1)} min`;
console.log(`${RECIPIENTS} recipients, ${kills} runs of ${runs} killed: ${JSON.stringify(states)}`);
console.log(
  `batches taken: ${batches.join(', ')}; ${world.platform.posts.length} calls with contacts in all`,
);
console.log(`calls: ${world.fake.calls.length}, refused by the limit: ${world.platform.refusedByLimit}`);
console.log(
  `${minutes(elapsedMs)} by the schedule's clock; the platform alone needs ${minutes(leastMs)}: ${(elapsedMs / leastMs).toFixed(2)} times as long`,
);
console.log(`on this machine: ${((performance.now() - began) / 1000).toFixed(0)} s`);
await world.fake.close();
await db.stop();
await s3.close();
