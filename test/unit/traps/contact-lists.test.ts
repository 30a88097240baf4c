import { describe, expect, it } from 'vitest';
import { contactPointsWith, phoneToken, profileOf, scrubbed, suppressing } from '../../support/scrub.ts';

const CLEAN = '+12125550160';
const OPTED_OUT = '+12125550161';
const out = () => contactPointsWith(suppressing(phoneToken(OPTED_OUT)));

describe('TB2: a list whose numbers stand in another column than the profile says', () => {
  it.each([
    { what: 'another name', header: 'Cell,Id', cause: 'MISSING_COLUMN' },
    { what: 'another case', header: 'phone,Id', cause: 'MISSING_COLUMN' },
    { what: 'a blank behind the name', header: 'Phone ,Id', cause: 'MISSING_COLUMN' },
    { what: 'another delimiter', header: 'Phone;Id', cause: 'WRONG_DELIMITER' },
    { what: 'the name twice', header: 'Phone,Phone', cause: 'DUPLICATE_HEADER' },
    { what: 'no header', header: `${CLEAN},0`, cause: 'MISSING_COLUMN' },
  ])('is refused whole: $what', async ({ header, cause }) => {
    const { result } = await scrubbed(`${header}\n${OPTED_OUT},1\n`, { contactPoints: out() });
    expect(result).toMatchObject({ kind: 'REJECTED', rejection: { cause, line: 1 } });
  });

  it('is read as it is where a byte order mark stands before the name', async () => {
    const { result, approved } = await scrubbed(`\ufeffPhone,Id\n${OPTED_OUT},1\n${CLEAN},2\n`, {
      contactPoints: out(),
    });
    expect(result).toMatchObject({ counts: { approved: 1, rejected: 1 } });
    expect(Buffer.from(approved, 'latin1').toString()).toBe(`\ufeffPhone,Id\n${CLEAN},2\n`);
  });
});

it('TB30: every row leaves evidence, approved or not, though nobody asked for it', async () => {
  const { result, evidence } = await scrubbed(`Phone\n${CLEAN}\n${OPTED_OUT}\nnobody\n`, {
    contactPoints: out(),
  });
  const lines = evidence.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).decision)).toEqual(['APPROVED', 'REJECTED', 'QUARANTINED']);
  expect(result).toMatchObject({ merkleRoot: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

describe('TB32: what breaks a plain CSV scrub', () => {
  it('each of several phone columns counts', async () => {
    const basis = { profile: profileOf({ phoneColumns: ['Home', 'Cell'] }) };
    const { result, approved } = await scrubbed(`Home,Cell\n${CLEAN},${OPTED_OUT}\n${CLEAN},\n`, {
      basis,
      contactPoints: out(),
    });
    expect(result).toMatchObject({ counts: { approved: 1, rejected: 1 } });
    expect(approved).toBe(`Home,Cell\n${CLEAN},\n`);
  });

  it('a phone column that the profile forgot refuses the list', async () => {
    const { result } = await scrubbed(`Phone,Cell\n${CLEAN},${OPTED_OUT}\n`, { contactPoints: out() });
    expect(result).toMatchObject({ kind: 'REJECTED', rejection: { cause: 'UNDECLARED_CONTACT_COLUMN' } });
  });

  it('a ragged row refuses the list, and says where', async () => {
    const { result } = await scrubbed(`Phone,Id\n${CLEAN},1\n${CLEAN},2,3\n`);
    expect(result).toMatchObject({ kind: 'REJECTED', rejection: { cause: 'RAGGED_ROW', line: 3 } });
  });

  it('a formula stays as it is for the dialler, and is none in the report for people', async () => {
    const { approved, rejected } = await scrubbed(`Phone,Note\n${CLEAN},=1+1\n${OPTED_OUT},=1+1\n`, {
      contactPoints: out(),
    });
    expect(approved).toBe(`Phone,Note\n${CLEAN},=1+1\n`);
    expect(rejected).toContain(`"'=1+1"`);
    expect(rejected).not.toContain('"=1+1"');
  });

  it('rows are looked up in batches, not one by one', async () => {
    const rows = Array.from({ length: 100 }, (_, line) => `+1212555${String(100 + line).padStart(4, '0')}\n`);
    const contactPoints = out();
    const { result } = await scrubbed(`Phone\n${rows.join('')}`, { contactPoints });
    expect(result).toMatchObject({ counts: { rows: 100 } });
    expect(contactPoints.reads).toEqual([100]);
  });
});
