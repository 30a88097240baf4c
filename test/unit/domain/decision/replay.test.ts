import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import { replayDecision } from '../../../../lib/domain/decision/replay.ts';
import { resultHash } from '../../../../lib/domain/decision/result.ts';
import type { DecisionEntry } from '../../../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { Random } from '../../../support/random.ts';
import { randomHistory } from '../../../support/random-history.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const COUNT = 10_000;

let history: readonly DecisionEntry[];
beforeAll(async () => {
  history = await randomHistory(new Random(SEED), COUNT, DEFAULT_POLICY);
});

const title = `seed ${SEED}`;
const identical = (entry: DecisionEntry) => replayDecision(entry, DEFAULT_POLICY).identical;

/** The first entry of the history of which this holds. */
function some(holds: (entry: DecisionEntry) => boolean): DecisionEntry {
  const found = history.find(holds);
  if (found === undefined) throw new Error(`${title}: the history has no such decision`);
  return found;
}

describe(`replay of ${COUNT} decisions, ${title}`, () => {
  it('gives every one of them again', () => {
    expect(history).toHaveLength(COUNT);
    const differing = history.filter((entry) => !identical(entry));
    expect(differing.map(({ decisionId }) => decisionId)).toEqual([]);
  });

  it('has met every kind of decision', () => {
    const kinds = {
      allowed: history.filter(({ effect }) => effect === 'ALLOW').length,
      blockedByRule: history.filter(({ reasons }) => reasons.some(({ ruleId }) => ruleId !== '')).length,
      withoutFacts: history.filter(({ facts }) => facts.length === 0).length,
      ofSeveral: history.filter(({ facts }) => facts.length > 1).length,
      withTime: history.filter(({ nextAllowedAt }) => nextAllowedAt !== undefined).length,
    };
    for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(50);
  });

  it('says that a decision without facts has nothing to replay', () => {
    const entry = some(({ facts }) => facts.length === 0);
    const { recorded, replayed } = replayDecision(entry, DEFAULT_POLICY);
    expect(recorded.effect).toBe('BLOCK');
    expect(replayed).toBeUndefined();
  });

  it('of an entry without a hash, as early versions wrote them, compares the result itself', () => {
    const { resultHash: _none, ...early } = some(
      ({ effect, facts }) => effect === 'BLOCK' && facts.length > 0,
    );
    expect(identical(early)).toBe(true);
    expect(identical({ ...early, effect: 'ALLOW', reasons: [] })).toBe(false);
  });
});

describe('a difference', () => {
  const allow = () => some(({ effect }) => effect === 'ALLOW');
  const timed = () => some(({ nextAllowedAt, facts }) => nextAllowedAt !== undefined && facts.length > 0);
  const several = () => some(({ effect, facts }) => effect === 'BLOCK' && facts.length > 1);
  const hashed = (entry: DecisionEntry): DecisionEntry => ({ ...entry, resultHash: resultHash(entry) });

  it.each<{ what: string; altered: () => DecisionEntry }>([
    { what: 'another effect', altered: () => hashed({ ...several(), effect: 'ALLOW', reasons: [] }) },
    { what: 'another reason', altered: () => hashed({ ...several(), reasons: [] }) },
    {
      what: 'another time',
      altered: () => hashed({ ...timed(), nextAllowedAt: '2030-01-01T00:00:00.000Z' }),
    },
    { what: 'no time', altered: () => hashed({ ...timed(), nextAllowedAt: undefined }) },
    { what: 'another hash', altered: () => ({ ...allow(), resultHash: sha256Hex('another') }) },
    { what: 'an ALLOW without facts', altered: () => hashed({ ...allow(), facts: [] }) },
    {
      what: 'another result of one contact point',
      altered: () => {
        const entry = several();
        const facts = entry.facts.map((fact) => ({ ...fact, reasons: [{ code: 'NO_RULE', ruleId: '' }] }));
        return { ...entry, facts };
      },
    },
    {
      what: 'another country',
      altered: () => {
        const entry = allow();
        const facts = entry.facts.map((fact) => ({
          ...fact,
          timeZones: [],
          country: 'ZZ',
          channel: 'VOICE',
        }));
        return { ...entry, contact: { ...entry.contact, purpose: 'MARKETING', channel: 'VOICE' }, facts };
      },
    },
  ])('is seen: $what', ({ altered }) => {
    expect(identical(altered())).toBe(false);
  });
});

describe('resultHash', () => {
  it('is the SHA-256 of the canonical JSON of effect, reasons and time, and of nothing else', () => {
    const reasons = [{ code: 'SUPPRESSED', ruleId: 'a-rule' }];
    const nextAllowedAt = '2026-11-23T13:00:00.000Z';
    const known =
      '{"effect":"BLOCK","nextAllowedAt":"2026-11-23T13:00:00.000Z","reasons":[{"code":"SUPPRESSED","ruleId":"a-rule"}]}';
    expect(resultHash({ effect: 'BLOCK', reasons, nextAllowedAt })).toBe(sha256Hex(known));
    expect(canonicalJson({ effect: 'BLOCK', reasons, nextAllowedAt })).toBe(known);
    const more = { effect: 'BLOCK' as const, reasons, nextAllowedAt: undefined, at: 'x' };
    expect(resultHash(more)).toBe(resultHash({ effect: 'BLOCK', reasons }));
  });
});
