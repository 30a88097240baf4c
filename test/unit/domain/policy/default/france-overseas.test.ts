import { expect, it } from 'vitest';
import { saidBy } from '../../../../support/by-rule.ts';
import { contextOf } from '../../../../support/contexts.ts';

it.each([
  // Guadeloupe keeps UTC-4: its 27 May runs from 04:00Z to 04:00Z.
  { country: 'GP', at: '2026-05-26T03:59:59Z', codes: [] },
  { country: 'GP', at: '2026-05-27T03:59:59Z', codes: [] },
  { country: 'GP', at: '2026-05-27T04:00:00Z', codes: ['PUBLIC_HOLIDAY'] },
  // Saint-Martin's day follows.
  { country: 'GP', at: '2026-05-29T03:59:59Z', codes: ['PUBLIC_HOLIDAY'] },
  { country: 'GP', at: '2026-05-29T04:00:00Z', codes: [] },
  { country: 'FR', at: '2026-05-27T12:00:00Z', codes: [] },
])('fr-overseas-holidays: $country at $at: $codes', ({ country, at, codes }) => {
  const subject = { country, regions: [], timeZones: ['America/Guadeloupe'] };
  expect(saidBy('fr-overseas-holidays', contextOf({ subject, now: Date.parse(at) }))).toEqual(codes);
});
