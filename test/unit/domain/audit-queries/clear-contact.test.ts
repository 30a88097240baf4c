import { describe, expect, it } from 'vitest';
import { mayNameAPerson } from '../../../../lib/domain/audit-queries/clear-contact.ts';
import { SAVED_QUERIES } from '../../../../lib/domain/audit-queries/saved-queries.ts';
import { sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import { token, uuid } from '../../../support/entries.ts';

const where = (literal: string): string => `SELECT * FROM subjects WHERE token = ${literal}`;

describe('a query that may name a person', () => {
  it.each([
    "'+12125550123'",
    "'2125550123'",
    '2125550123',
    "'(212) 555-0123'",
    "'+1 212 555 0123'",
    "'212.555.0123'",
    "'5550123'",
    "'tel:+12125550123'",
    "'%5550123'",
    "'+44 20 7946 0958'",
    "'someone@example.com'",
    "'Some.One+tag@mail.example.co.uk'",
    "'p1.x' -- +12125550123",
    "'2026-11-20' OR token = '212-555-0123'",
    "'2026-11-20-2125550123'",
  ])('%s', (literal) => {
    expect(mayNameAPerson(where(literal))).toBe(true);
  });
});

describe('a query that names nobody', () => {
  it.each([
    '?',
    `'${token(1)}'`,
    `'${token(2)}' AND dt = '2026-11-20' AND hh = '15'`,
    `'${uuid(1)}'`,
    `'${sha256Hex('a policy')}'`,
    "'h.p1.0123456789abcdefghijkl'",
    "'x' AND made_at > TIMESTAMP '2026-11-20 14:31:00.000'",
    "'x' AND made_at > CAST('2026-11-20T14:31:00Z' AS timestamp)",
    "'x' LIMIT 1000000",
    "'x' AND code IN (1, 2, 3, 4)",
    "'x' AND name LIKE '%@%'",
  ])('%s', (literal) => {
    expect(mayNameAPerson(where(literal))).toBe(false);
  });

  it.each(SAVED_QUERIES)('$name', ({ sql }) => {
    expect(mayNameAPerson(sql)).toBe(false);
  });
});
