import { parseArgs } from 'node:util';
import { benchAuditVerify } from './audit-verify.ts';
import { benchCheckBundle } from './check-bundle.ts';
import { benchCheckConsent } from './check-consent.ts';
import { benchDecide } from './decide.ts';
import type { BenchSize, Row } from './samples.ts';
import { benchScrub } from './scrub.ts';

// npm run bench [-- --only scrub --rows 5000000 --listed 258500000 --turns 2000]: one table, each row against a baseline
// that is measured in the same run. What is not named is measured at sizes that take minutes together.

const { values } = parseArgs({
  options: {
    /** One of the names below; every one unless told. */
    only: { type: 'string' },
    /** Of calls that are measured one by one. Each check adds 1 kB to one of 500 items: more would measure their growth. */
    turns: { type: 'string', default: '2000' },
    /** Rows of the contact list. */
    rows: { type: 'string', default: '500000' },
    /** Numbers on the registry. */
    listed: { type: 'string', default: '10000000' },
    /** Entries of the log. */
    entries: { type: 'string', default: '200000' },
  },
});
const size: BenchSize = {
  turns: Number(values.turns),
  rows: Number(values.rows),
  listed: Number(values.listed),
  entries: Number(values.entries),
};

const BENCHMARKS: Readonly<Record<string, (size: BenchSize) => Promise<readonly Row[]>>> = {
  checks: ({ turns }) => benchCheckConsent(turns),
  bundle: benchCheckBundle,
  decide: ({ turns }) => benchDecide(Math.ceil(turns / 10)),
  scrub: benchScrub,
  verify: ({ entries }) => benchAuditVerify(entries),
};

process.stdout.write('| work | baseline | measured | work / baseline | goal |\n|---|---|---|---|---|\n');
for (const [name, bench] of Object.entries(BENCHMARKS)) {
  if (values.only !== undefined && values.only !== name) continue;
  for (const { work, baseline, figures, ratio, goal = '-' } of await bench(size)) {
    process.stdout.write(`| ${work} | ${baseline} | ${figures} | ${ratio} | ${goal} |\n`);
  }
}
