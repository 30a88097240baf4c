import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAffected } from '../../../../lib/domain/notice/affected-list.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(text: string, { size = 7, sha256 = '' } = {}) {
  const hash = sha256 || createHash('sha256').update(text).digest('hex');
  const rows: object[] = [];
  for await (const page of readAffected(inChunks(text, size), hash))
    rows.push(...page.map(({ row, cells }) => ({ row, ...Object.fromEntries(cells) })));
  return rows;
}

const TEXT = 'recipientId,phone,email,notes\r\nr-1,,"a@example.com",x\r\nr-2,+12125550100,,"y, z"\r\n';

describe('a list of affected people', () => {
  it.each([1, 7, 4096])('is read in chunks of %i bytes, without columns that are not known', async (size) => {
    expect(await rowsOf(TEXT, { size })).toEqual([
      { row: 2, recipientId: 'r-1', phone: '', email: 'a@example.com' },
      { row: 3, recipientId: 'r-2', phone: '+12125550100', email: '' },
    ]);
  });

  it('with other bytes than were released gives no end', async () => {
    await expect(rowsOf(TEXT, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'LIST_CHANGED' });
  });

  it.each([
    ['nothing', '', 'EMPTY_FILE in line 1'],
    ['a column too few', 'recipientId,email\nr-1,a@example.com\n', 'MISSING_COLUMN in line 1'],
    ['a column twice', 'recipientId,phone,email,email\nr-1,,,\n', 'DUPLICATE_HEADER in line 1'],
    ['a row cut short', 'recipientId,phone,email\nr-1,\n', 'RAGGED_ROW in line 2'],
  ])('of %s is refused, and nothing of it is told', async (_, text, defect) => {
    const refusal = rowsOf(text);
    await expect(refusal).rejects.toMatchObject({ code: 'LIST_REFUSED' });
    await expect(refusal).rejects.toThrow(defect);
    await expect(refusal).rejects.not.toThrow('example.com');
  });
});
