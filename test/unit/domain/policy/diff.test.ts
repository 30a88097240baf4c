import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { diffPolicies } from '../../../../lib/domain/policy/diff.ts';
import { policyOf, type Rule } from '../../../../lib/domain/policy/policy.ts';
import { renderDiff, renderPolicy } from '../../../../lib/domain/policy/render-policy.ts';

const RULE: Rule = {
  id: 'kept',
  kind: 'callingWindow',
  jurisdiction: { countries: ['US'] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: 'A statute',
  mark: 'P',
  effectiveFrom: '2026-01-01',
  contested: false,
  windows: [{ days: ['MO'], from: '08:00', until: '21:00' }],
  zone: 'America/Chicago',
};
const policy = (version: string, ...rules: Rule[]) => policyOf({ version, rules });
const before = policy('1', RULE, { ...RULE, id: 'gone' });

describe('the difference of two policies', () => {
  it('names rules added, removed and changed, field by field', () => {
    const changed: Rule = { ...RULE, zone: 'America/Denver', note: 'Stricter.' };
    const diff = diffPolicies(before, policy('2', { ...RULE, id: 'new' }, changed));
    expect(diff.added.map(({ id }) => id)).toEqual(['new']);
    expect(diff.removed.map(({ id }) => id)).toEqual(['gone']);
    expect(diff.changed).toEqual([
      {
        ruleId: 'kept',
        fields: [
          { field: 'zone', before: '"America/Chicago"', after: '"America/Denver"' },
          { field: 'note', before: null, after: '"Stricter."' },
        ],
      },
    ]);
    const text = renderDiff(diff);
    expect(text).toContain('- gone (callingWindow)');
    expect(text).toContain('+ new (callingWindow)');
    expect(text).toContain('    note: none -> "Stricter."');
  });

  it('is the other way round the other way round', () => {
    const after = policy('2', { ...RULE, citation: 'Another' });
    const [there, back] = [diffPolicies(before, after), diffPolicies(after, before)];
    expect(back.added).toEqual(there.removed);
    expect(back.changed[0]?.fields).toEqual([
      { field: 'citation', before: '"Another"', after: '"A statute"' },
    ]);
  });

  it('is none where only the version or the order differs', () => {
    const same = diffPolicies(before, policy('2', ...before.rules.toReversed()));
    expect([same.added, same.removed, same.changed]).toEqual([[], [], []]);
    expect(renderDiff(same)).toHaveLength(1);
  });
});

describe('a policy as text', () => {
  it('names every rule, what is contested, and why', () => {
    const text = renderPolicy(DEFAULT_POLICY).join('\n');
    expect(text).toContain(DEFAULT_POLICY.hash);
    for (const { id, citation, note = '' } of DEFAULT_POLICY.rules) {
      expect(text).toContain(`\n${id}: `);
      expect(text).toContain(citation);
      expect(text).toContain(note);
    }
    expect(text.match(/^ {2}CONTESTED$/gm) ?? []).toHaveLength(
      DEFAULT_POLICY.rules.filter(({ contested }) => contested).length,
    );
  });

  it('says where, until when, and everything that is a rule’s own', () => {
    const text = renderPolicy(
      policy('1', { ...RULE, effectiveTo: '2027-01-01', jurisdiction: { except: ['US'] } }),
    );
    expect(text).toContain(
      'kept: callingWindow, mark "P", windows [{"days":["MO"],"from":"08:00","until":"21:00"}], zone "America/Chicago"',
    );
    expect(text).toContain('  everywhere but US; VOICE; MARKETING');
    expect(text).toContain('  from 2026-01-01 to before 2027-01-01; A statute');
  });
});
