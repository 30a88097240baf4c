import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { MerkleTree } from '../../../../lib/domain/log/merkle.ts';
import { CLEAN, OPTED_OUT, phoneToken, profileOf, scrubbed, somePeople } from '../../../support/scrub.ts';

describe('an approved file', () => {
  it.each([
    { what: 'a byte order mark', file: `\ufeffPhone,Note\r\n${CLEAN},a\r\n` },
    { what: 'mixed line ends', file: `Phone,Note\n${CLEAN},a\r\n${CLEAN},b\n${CLEAN},c\r\n` },
    { what: 'no line end at its end', file: `Phone,Note\n${CLEAN},a` },
    {
      what: 'newlines, quotes and delimiters inside cells',
      file: `Phone,Note\n"${CLEAN}","a ""b""\r\nc, d\n"\n`,
    },
    { what: 'a formula', file: `Phone,Note\n${CLEAN},=1+1\n` },
    { what: 'the same number twice', file: `Phone,Note\n${CLEAN},a\n${CLEAN},a\n` },
  ])('keeps $what byte for byte', async ({ file }) => {
    const { approved } = await scrubbed(file);
    expect(Buffer.from(approved, 'latin1').toString()).toBe(file);
  });
});

describe('a report for people', () => {
  it('masks contact points and starts no cell with a formula', async () => {
    const notes = ['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '＝1', '＋1', '－1', '＠1', 'plain "quoted"'];
    const rows = notes
      .map((note) => `${OPTED_OUT},out@example.com,"${note.replaceAll('"', '""')}"\n`)
      .join('');
    const { rejected } = await scrubbed(`Phone,Mail,=Note\n${rows}`, {
      basis: { profile: profileOf({ emailColumns: ['Mail'] }) },
      contactPoints: somePeople(),
    });
    const lines: string[][] = parse(Buffer.from(rejected, 'latin1'));
    expect(lines.length).toBe(notes.length + 1);
    for (const [index, cells] of lines.entries()) {
      expect(cells.at(-1)).toBe(
        index === 0 ? "'=Note" : index === notes.length ? 'plain "quoted"' : `'${notes[index - 1]}`,
      );
      for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }
    expect(lines[1]?.slice(5, 7)).toEqual(['********11', '***']);
    expect(rejected).not.toMatch(/5550111|out@example/);
  });

  it('names the physical line of a row that follows embedded newlines', async () => {
    const { rejected } = await scrubbed(`Phone,Note\n${CLEAN},"a\nb\nc"\n${OPTED_OUT},x\n`, {
      contactPoints: somePeople(),
    });
    expect(parse(rejected, { columns: true })).toMatchObject([{ dialguard_row: '3', dialguard_line: '5' }]);
  });
});

describe('the evidence', () => {
  it('has one line a row, in order, and the root of its lines', async () => {
    const file = `Phone\n${CLEAN}\n${OPTED_OUT}\nnobody\n+493090182000\n`;
    const { result, evidence } = await scrubbed(file, { contactPoints: somePeople() });
    const lines = evidence.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { decision: 'APPROVED', line: 2, reason: '', row: 2, ruleId: '', tokens: [phoneToken(`+1${CLEAN}`)] },
      {
        decision: 'REJECTED',
        line: 3,
        reason: 'SUPPRESSED',
        row: 3,
        ruleId: 'company-do-not-contact',
        tokens: [phoneToken(`+1${OPTED_OUT}`)],
      },
      { decision: 'QUARANTINED', line: 4, reason: 'BAD_CHARACTERS', row: 4, ruleId: '', tokens: [] },
      {
        decision: 'OTHER_REGION',
        line: 5,
        reason: 'WRONG_REGION',
        row: 5,
        ruleId: 'residency:EU',
        tokens: [],
      },
    ]);
    const tree = new MerkleTree();
    for (const line of lines) tree.add(line);
    expect(result).toMatchObject({ merkleRoot: tree.rootHex() });
    expect(evidence).not.toMatch(/55501|9018/);
  });
});
