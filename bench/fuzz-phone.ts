import { fuzzPhone } from '../test/support/fuzz-phone.ts';
import { Random } from '../test/support/random.ts';

// npm run fuzz:phone [cases] [seed]: ends with an error at the first text that the short way and the library read differently.
const cases = Number(process.argv[2] ?? 5_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`${cases} texts, seed ${seed}\n`);
const began = performance.now();
const { sure } = fuzzPhone(new Random(seed), cases);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `no difference: ${sure} read the short way, the rest left to the library; ${seconds} s\n`,
);
