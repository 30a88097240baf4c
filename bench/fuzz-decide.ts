import { fuzzDecide } from '../test/support/fuzz-decide.ts';
import { Random } from '../test/support/random.ts';

// npm run fuzz [cases] [seed]: ends with an error at the first case that breaks a law of decide().
const cases = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`${cases} cases, seed ${seed}\n`);
const began = performance.now();
const { ALLOW, BLOCK, withTime } = fuzzDecide(new Random(seed), cases);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `no law broken: ${ALLOW} ALLOW, ${BLOCK} BLOCK, ${withTime} with a time; ${seconds} s\n`,
);
