import { describe, expect, it } from 'vitest';
import { basisOf, CLEAN, OPTED_OUT, profileOf, scrubbed, somePeople } from '../../../support/scrub.ts';

describe('reading contact points', () => {
  it('keeps the order of rows when later reads are answered first', async () => {
    const contactPoints = somePeople();
    let turns = 40;
    const slowestFirst: typeof contactPoints = {
      ...contactPoints,
      read: async (tokens) => {
        turns -= 1;
        for (let turn = turns; turn > 0; turn -= 1) await Promise.resolve();
        return contactPoints.read(tokens);
      },
    };
    const rows = Array.from({ length: 3000 }, (_, n) => `212555${String(n).padStart(4, '0')}\n`);
    const file = `Phone\n${rows.join('')}`;
    const { approved, evidence } = await scrubbed(file, { contactPoints: slowestFirst });
    expect(approved).toBe(file.replace(`${OPTED_OUT}\n`, ''));
    const numbers = evidence
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).row);
    expect(numbers).toEqual(rows.map((_, index) => index + 2));
  });

  it('asks for at most 100 at a time and for each of a page once', async () => {
    const contactPoints = somePeople();
    const numbers = Array.from(
      { length: 250 },
      (_, index) => `212555${String(index % 120).padStart(4, '0')}`,
    );
    const basis = { profile: profileOf({ phoneColumns: ['Phone', 'Cell'] }) };
    await scrubbed(`Phone,Cell\n${numbers.map((number) => `${number},${number}\n`).join('')}`, {
      basis,
      contactPoints,
    });
    expect(Math.max(...contactPoints.reads)).toBeLessThanOrEqual(100);
    expect(contactPoints.reads.reduce((sum, count) => sum + count, 0)).toBe(120);
  });

  it('takes a row with more contact points than one read holds', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `P${index}`);
    const mails = names.map((name) => `M${name}`);
    const more = profileOf({ phoneColumns: names, emailColumns: [...mails] });
    const cells = [
      ...names.map((_, index) => `21255501${String(index).padStart(2, '0')}`),
      ...mails.map((name) => `${name}@example.com`),
    ];
    const { result } = await scrubbed(`${[...names, ...mails].join()}\n${cells.join()}\n`, {
      basis: { profile: more },
    });
    expect(result).toMatchObject({ counts: { approved: 1 } });
  });

  it('fails as a whole when a read fails, and leaves no promise behind', async () => {
    const failing = { reads: [], read: async () => Promise.reject(new Error('down')) };
    const rows = `${CLEAN}\n`.repeat(3000);
    await expect(scrubbed(`Phone\n${rows}`, { contactPoints: failing, basis: basisOf() })).rejects.toThrow(
      'down',
    );
  });
});
