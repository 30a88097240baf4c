import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { PolicyDocument, policyOf, Window } from '../../../../lib/domain/policy/policy.ts';

const { hash, name, ...document } = DEFAULT_POLICY;

describe('the policy that ships', () => {
  it('is a policy document, byte for byte what the schema reads', () => {
    expect(canonicalJson(PolicyDocument.parse(document))).toBe(canonicalJson(document));
  });

  it('gives every rule an id of its own and says where it comes from', () => {
    const ids = document.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.rules.every(({ citation }) => citation.length > 5)).toBe(true);
  });

  it('explains every rule that courts or regulators disagree about', () => {
    for (const { contested, note } of document.rules) if (contested) expect(note).toBeTruthy();
  });

  it('is named by its content', () => {
    expect(hash).toBe(sha256Hex(canonicalJson(document)));
    expect(name).toBe(`${document.version}+${hash.slice(0, 12)}`);
  });
});

describe('a policy document', () => {
  it('has another name as soon as one byte differs, and the same whatever the order of its members', () => {
    const [first, ...rest] = document.rules;
    if (first === undefined) throw new Error('expected a rule');
    const reordered = Object.fromEntries(Object.entries(first).toReversed());
    const same = PolicyDocument.parse({ rules: [reordered, ...rest], version: document.version });
    expect(policyOf(same).name).toBe(name);
    const other = { ...document, rules: [{ ...first, citation: `${first.citation}.` }, ...rest] };
    expect(policyOf(other).name).not.toBe(name);
  });

  it.each([
    { title: 'an unknown kind', change: { kind: 'moonPhase' } },
    { title: 'an unknown member', change: { unless: 'told otherwise' } },
    { title: 'no channel', change: { channels: [] } },
    { title: 'no such channel', change: { channels: ['FAX'] } },
    { title: 'no citation', change: { citation: '' } },
    { title: 'a country by its name', change: { jurisdiction: { countries: ['Germany'] } } },
    { title: 'both kinds of jurisdiction', change: { jurisdiction: { countries: ['US'], except: ['DE'] } } },
    { title: 'a day that does not exist', change: { effectiveFrom: '2026-02-30' } },
  ])('refuses a rule with $title', ({ change }) => {
    const [first] = document.rules;
    expect(PolicyDocument.safeParse({ version: '1', rules: [{ ...first, ...change }] }).success).toBe(false);
  });

  it.each([
    { from: '08:00', until: '21:00', ok: true },
    { from: '00:00', until: '24:00', ok: true },
    { from: '21:00', until: '08:00', ok: false },
    { from: '08:00', until: '08:00', ok: false },
    { from: '8:00', until: '21:00', ok: false },
    { from: '08:00', until: '25:00', ok: false },
  ])('reads hours from $from until $until: $ok', ({ from, until, ok }) => {
    expect(Window.safeParse({ days: ['MO'], from, until }).success).toBe(ok);
  });
});
