import { describe, expect, it } from 'vitest';
import { findDecisionLine, findLineAt } from '../../../../lib/domain/verify/find-line.ts';
import { ProofMaker } from '../../../../lib/domain/verify/make-proof.ts';
import { readVerifierKey } from '../../../../lib/domain/verify/note.ts';
import { checkProofFile } from '../../../../lib/domain/verify/proof-file.ts';
import { MemoryLog } from '../../../support/audit/memory-log.ts';
import { newLogKey, planOf, writeLog } from '../../../support/audit/test-log.ts';

const plan = planOf([4, 300, 0, 7]);
const log = new MemoryLog(writeLog(plan));
const pinned = readVerifierKey(plan.key.vkey);
const noteOf = (size: number): string =>
  log.stored.find(({ key }) => key === `checkpoints/${size}`)?.bytes.toString() ?? '';

async function entryProof(index: number): Promise<string> {
  const found = await findLineAt(log, index);
  if (found === undefined) throw new Error('no such line');
  return await (await ProofMaker.open(log)).entry(found);
}

describe('a proof file of an entry', () => {
  it.each([0, 3, 4, 255, 256, 303, 304, 310])('shows entry %i to whoever has nothing else', async (index) => {
    const checked = checkProofFile(await entryProof(index), pinned);
    expect(checked).toMatchObject({ holds: true, index, checkpoint: { size: 311 } });
    expect(checked).toMatchObject({ entry: expect.stringContaining(`"index":${index},`) });
  });

  it('is found by the decision', async () => {
    const decision = '019ab000-0000-7000-8000-000000000200';
    expect(await findDecisionLine(log, decision, 0)).toMatchObject({ index: 200 });
    expect(await findDecisionLine(log, decision, Date.parse('2026-11-23T00:00:00Z'))).toBeUndefined();
    expect(await findDecisionLine(log, 'no such decision', 0)).toBeUndefined();
    expect(await findLineAt(log, 311)).toBeUndefined();
  });

  it('does not hold after any change of a byte', async () => {
    const bytes = Buffer.from(await entryProof(200));
    const accepted: number[] = [];
    for (const at of bytes.keys()) {
      for (const bit of [0x01, 0x20]) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ bit;
        if (checkProofFile(changed.toString('utf8')).holds) accepted.push(at);
      }
      const without = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      const twice = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at)]);
      if ([without, twice].some((text) => checkProofFile(text.toString('utf8')).holds)) accepted.push(at);
    }
    expect(accepted).toEqual([]);
  });

  it('holds for no other key than the one that is pinned', async () => {
    const other = readVerifierKey(newLogKey().vkey);
    expect(checkProofFile(await entryProof(3), other)).toMatchObject({ holds: false });
  });

  it('is not made of an entry that no checkpoint covers, nor of one that is not in the log', async () => {
    const maker = await ProofMaker.open(log);
    await expect(maker.entry({ index: 311, line: '{}' })).rejects.toMatchObject({ code: 'NOT_SIGNED_YET' });
    await expect(maker.entry({ index: 3, line: '{}' })).rejects.toMatchObject({ code: 'PROOF_BROKEN' });
  });
});

describe('a proof file of two checkpoints', () => {
  it.each([
    [4, 304],
    [4, 311],
    [304, 311],
    [311, 311],
  ])('shows that %i entries became %i', async (older, newer) => {
    const text = await (await ProofMaker.open(log)).consistency(noteOf(older), noteOf(newer));
    expect(checkProofFile(text, pinned)).toMatchObject({
      holds: true,
      older: { size: older },
      newer: { size: newer },
    });
  });

  it('does not hold after any change of a byte', async () => {
    const text = await (await ProofMaker.open(log)).consistency(noteOf(4), noteOf(311));
    const bytes = Buffer.from(text);
    const accepted = [...bytes.keys()].filter((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] ?? 0) ^ 1;
      return checkProofFile(changed.toString('utf8')).holds;
    });
    expect(accepted).toEqual([]);
  });

  it('is not made of another history', async () => {
    const other = planOf([4, 300, 0, 8], plan.key);
    const forked = new MemoryLog(writeLog({ ...other, batches: other.batches.with(0, ['{"index":0}']) }));
    const maker = await ProofMaker.open(forked);
    const newer = forked.stored.find(({ key }) => key === 'checkpoints/309')?.bytes.toString() ?? '';
    await expect(maker.consistency(noteOf(4), newer)).rejects.toMatchObject({ code: 'PROOF_BROKEN' });
  });
});
