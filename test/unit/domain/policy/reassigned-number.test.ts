import { expect, it } from 'vitest';
import type { RuleOf } from '../../../../lib/domain/policy/policy.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { contextOf } from '../../../support/contexts.ts';
import { consent, NOON, reassignment, stateOf } from '../../../support/facts.ts';

const RULE: RuleOf<'reassignedNumber'> = {
  id: 'reassigned',
  kind: 'reassignedNumber',
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: '47 CFR 64.1200(m)',
  mark: 'S',
  effectiveFrom: '2021-11-01',
  contested: false,
};
const newer = consent({ effectiveAt: NOON + 1 });

const rows: { title: string; facts: readonly Fact[]; blocked: boolean }[] = [
  { title: 'never asked', facts: [], blocked: false },
  { title: 'answered NO', facts: [reassignment({ answer: 'NO' })], blocked: false },
  { title: 'answered NO_DATA', facts: [reassignment({ answer: 'NO_DATA' })], blocked: false },
  { title: 'answered YES', facts: [reassignment()], blocked: true },
  {
    title: 'YES, then NO',
    facts: [reassignment(), reassignment({ answer: 'NO', effectiveAt: NOON + 1 })],
    blocked: true,
  },
  {
    title: 'YES, consent of before',
    facts: [reassignment(), consent({ effectiveAt: NOON - 1 })],
    blocked: true,
  },
  { title: 'YES, consent of the same moment', facts: [reassignment(), consent()], blocked: true },
  { title: 'YES, consent since', facts: [reassignment(), newer], blocked: false },
  {
    title: 'YES, consent since, YES again',
    facts: [reassignment(), newer, reassignment({ effectiveAt: NOON + 1, eventId: 'event-2' })],
    blocked: true,
  },
];

it.each(rows)('the reassigned numbers database $title: $blocked', ({ facts, blocked }) => {
  const findings = evaluate(RULE, contextOf({ state: stateOf(...facts), now: NOON + 2 }));
  expect(findings.map(({ reason }) => reason.code)).toEqual(blocked ? ['NUMBER_REASSIGNED'] : []);
});
