import { fuzzRegistry } from '../test/support/fuzz-registry.ts';
import { Random } from '../test/support/random.ts';

// npm run fuzz:registry [operations] [seed]: ends with an error at the first question that a registry and a Set answer differently.
const operations = Number(process.argv[2] ?? 10_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`${operations} operations, seed ${seed}\n`);
const began = performance.now();
const { questions, listed, blocks } = await fuzzRegistry(new Random(seed), operations);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `no difference: ${questions} questions, ${listed} listed, ${blocks} blocks; ${seconds} s\n`,
);
