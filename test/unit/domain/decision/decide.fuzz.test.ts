import { expect, it } from 'vitest';
import { fuzzDecide } from '../../../support/fuzz-decide.ts';
import { Random } from '../../../support/random.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const CASES = 20_000;

it(`decide() is total and never allows where a rule stands against it: ${CASES} cases, seed ${SEED}`, () => {
  const { ALLOW, BLOCK, withTime } = fuzzDecide(new Random(SEED), CASES);
  expect(ALLOW + BLOCK).toBe(CASES);
  for (const [kind, count] of Object.entries({ ALLOW, BLOCK, withTime }))
    expect(count, kind).toBeGreaterThan(100);
});
