import { benchCheckConsent } from './check-consent.ts';
import { benchDecide } from './decide.ts';
import type { Row } from './samples.ts';

/** Turns per kind of work. Each check adds an entry of about 1 kB to one of 500 items: more would measure their growth. */
const TURNS = Number(process.argv[2] ?? 2000);

const rows: Row[] = [...(await benchCheckConsent(TURNS)), ...(await benchDecide(Math.ceil(TURNS / 10)))];
process.stdout.write('| work | baseline | p50 ms | p99 ms | work / baseline |\n|---|---|---|---|---|\n');
for (const { work, baseline, p50, p99, ratios } of rows) {
  process.stdout.write(`| ${work} | ${baseline} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${ratios} |\n`);
}
