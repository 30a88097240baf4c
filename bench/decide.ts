import { canonicalJson } from '../lib/domain/canonical-json.ts';
import { decide } from '../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import { Random } from '../test/support/random.ts';
import { randomContext } from '../test/support/random-contexts.ts';
import { compare, inTurns, type Row } from './samples.ts';

const SEED = 1;
/** Calls per sample: one call is too short for the clock. */
const CALLS = 1000;

/** decide() over random facts, per thousand calls, against writing the same facts as canonical JSON. */
export async function benchDecide(turns: number): Promise<readonly Row[]> {
  const random = new Random(SEED);
  const contexts = Array.from({ length: CALLS }, () => randomContext(random, DEFAULT_POLICY));
  const samples = await inTurns(
    {
      'canonical JSON of the facts, 1,000 times': async () => {
        for (const context of contexts) canonicalJson(context);
      },
      'decide(), 1,000 times': async () => {
        for (const context of contexts) decide(context, DEFAULT_POLICY, 'DIAL');
      },
    },
    { turns, warmUp: Math.ceil(turns / 5) },
  );
  const [baseline, work] = [...samples.values()];
  if (baseline === undefined || work === undefined) throw new Error('a kind of work was not measured');
  return [compare(work, baseline)];
}
