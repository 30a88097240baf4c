import { describe, expect, it } from 'vitest';
import { documentText } from '../../../../lib/domain/policy/archive.ts';
import { checkPolicy } from '../../../../lib/domain/policy/check-policy.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';

const RULE = {
  id: 'a-rule',
  kind: 'hold',
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: 'A statute',
  mark: 'O',
  effectiveFrom: '2026-01-01',
  contested: false,
};
const HOURS = { ...RULE, id: 'hours', kind: 'callingWindow' };
const window = { days: ['MO'], from: '08:00', until: '21:00' };
const REGISTRY = { ...RULE, id: 'listed', kind: 'registry', registry: 'xx-national' };

const check = (...rules: readonly object[]) => checkPolicy(JSON.stringify({ version: '1', rules }));

describe('a policy document', () => {
  it('that ships is without fault, and keeps its name', () => {
    expect(checkPolicy(documentText(DEFAULT_POLICY))).toEqual({ policy: DEFAULT_POLICY, warnings: [] });
  });

  it.each<{ fault: string; rules: readonly object[]; problems: readonly unknown[] }>([
    {
      fault: 'a missing field',
      rules: [{ ...RULE, citation: undefined }],
      problems: ['rules[0] (a-rule).citation: is missing'],
    },
    {
      fault: 'a wrong hour',
      rules: [RULE, { ...HOURS, windows: [{ ...window, until: '25:00' }] }],
      problems: ['rules[1] (hours).windows[0].until: expected HH:MM'],
    },
    {
      fault: 'hours that end before they begin',
      rules: [{ ...HOURS, windows: [{ ...window, until: '07:00' }] }],
      problems: ['rules[0] (hours).windows[0].until: expected a later time than `from`'],
    },
    {
      fault: 'an unknown kind',
      rules: [{ ...RULE, kind: 'moonPhase' }],
      problems: [expect.stringMatching(/^rules\[0\] \(a-rule\)\.kind: expected one of hold, /)],
    },
    {
      fault: 'an unknown field',
      rules: [{ ...RULE, unless: 1 }],
      problems: ['rules[0] (a-rule): has no field unless'],
    },
    {
      fault: 'a country by its name',
      rules: [{ ...RULE, jurisdiction: { countries: ['Germany'] } }],
      problems: ['rules[0] (a-rule).jurisdiction.countries[0]: expected an ISO 3166-1 alpha-2 country'],
    },
    {
      fault: 'an id twice',
      rules: [RULE, RULE],
      problems: ['2 rules have the id a-rule: expected each id once'],
    },
    {
      fault: 'an end that is no later than its beginning',
      rules: [{ ...RULE, effectiveTo: '2026-01-01' }],
      problems: [
        'rules[0] (a-rule).effectiveTo: expected a day after effectiveFrom 2026-01-01, got 2026-01-01',
      ],
    },
    {
      fault: 'two faults',
      rules: [{ ...RULE, channels: ['FAX'], contested: 'no' }],
      problems: [
        expect.stringMatching(/^rules\[0\] \(a-rule\)\.channels\[0\]: expected one of/),
        'rules[0] (a-rule).contested: expected boolean, received string',
      ],
    },
  ])('with $fault is refused, and the place is told', ({ rules, problems }) => {
    expect(check(...rules)).toEqual({ problems });
  });

  it.each([
    ['{"version":', /^The text is no JSON: /],
    ['[]', /^the document: expected object/],
    ['{"rules":[]}', /^version: is missing$/],
  ])('%s is none', (text, said) => {
    const checked = checkPolicy(text);
    expect('problems' in checked ? checked.problems[0] : '').toMatch(said);
  });

  it('that asks a registry which no shipped rule asks, or lacks a kind of rule, is told as odd', () => {
    const checked = check(RULE, REGISTRY);
    const warnings = 'warnings' in checked ? checked.warnings : [];
    expect(warnings[0]).toContain('listed asks the registry xx-national');
    expect(warnings.slice(1).length).toBeGreaterThan(0);
    expect(warnings.slice(1).every((warning) => /^no rule is of kind \w+,/.test(warning))).toBe(true);
    expect(warnings.join()).not.toMatch(/kind (hold|registry),/);
  });
});
