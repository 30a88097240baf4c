import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { MerkleTree } from '../../../../lib/domain/log/merkle.ts';
import {
  basisOf,
  contactPointsWith,
  emailToken,
  phoneToken,
  profileOf,
  registryWith,
  scrubbed,
  suppressing,
} from '../../../support/scrub.ts';

const CLEAN = '2125550100';
const OPTED_OUT = '2125550111';
const LISTED = '2125550122';
const world = () =>
  contactPointsWith(suppressing(phoneToken(`+1${OPTED_OUT}`), emailToken('out@example.com')));
const registries = [registryWith(`+1${LISTED}`)];

type Outcome = 'approved' | 'rejected' | 'quarantined' | 'otherRegion';
const ROWS: readonly { what: string; row: string; outcome: Outcome; code?: string; rule?: string }[] = [
  { what: 'a clean number', row: `${CLEAN},,`, outcome: 'approved' },
  { what: 'a clean number in other words', row: `"+1 (212) 555-0100",,`, outcome: 'approved' },
  {
    what: 'two clean numbers and an address',
    row: `${CLEAN},2125550101,in@example.com`,
    outcome: 'approved',
  },
  {
    what: 'an opted-out number',
    row: `${OPTED_OUT},,`,
    outcome: 'rejected',
    code: 'SUPPRESSED',
    rule: 'company-do-not-contact',
  },
  {
    what: 'an opted-out number in other words',
    row: `+1 212.555.0111,,`,
    outcome: 'rejected',
    code: 'SUPPRESSED',
    rule: 'company-do-not-contact',
  },
  {
    what: 'a listed number',
    row: `${LISTED},,`,
    outcome: 'rejected',
    code: 'REGISTRY_LISTED',
    rule: 'us-national-registry',
  },
  {
    what: 'a clean home and a listed cell',
    row: `${CLEAN},${LISTED},`,
    outcome: 'rejected',
    code: 'REGISTRY_LISTED',
    rule: 'us-national-registry',
  },
  {
    what: 'a clean number of somebody who opted out by address',
    row: `${CLEAN},,out@example.com`,
    outcome: 'rejected',
    code: 'SUPPRESSED',
    rule: 'company-do-not-contact',
  },
  {
    what: 'the dominant of two grounds',
    row: `${LISTED},${OPTED_OUT},`,
    outcome: 'rejected',
    code: 'SUPPRESSED',
    rule: 'company-do-not-contact',
  },
  { what: 'no contact point', row: ',,', outcome: 'quarantined', code: 'NO_CONTACT_POINT' },
  { what: 'blanks alone', row: ' ,"  ",', outcome: 'quarantined', code: 'NO_CONTACT_POINT' },
  { what: 'letters', row: '1-800-FLOWERS,,', outcome: 'quarantined', code: 'VANITY' },
  { what: 'an extension', row: '212 555 0100 x12,,', outcome: 'quarantined', code: 'EXTENSION' },
  {
    what: 'a clean number and an unreadable one',
    row: `${CLEAN},12345,`,
    outcome: 'quarantined',
    code: 'NOT_VALID',
  },
  {
    what: 'an opted-out number and an unreadable one',
    row: `${OPTED_OUT},12345,`,
    outcome: 'quarantined',
    code: 'NOT_VALID',
  },
  {
    what: 'an unreadable address',
    row: `${CLEAN},,a@b@example.com`,
    outcome: 'quarantined',
    code: 'NOT_VALID',
  },
  { what: 'digits of another script', row: '٢١٢٥٥٥٠١٠٠,,', outcome: 'quarantined', code: 'BAD_CHARACTERS' },
  {
    what: 'a number of another region',
    row: '+49 30 901820,,',
    outcome: 'otherRegion',
    code: 'WRONG_REGION',
    rule: 'residency:EU',
  },
  {
    what: 'a clean number and one of another region',
    row: `${CLEAN},+49 30 901820,`,
    outcome: 'otherRegion',
    code: 'WRONG_REGION',
    rule: 'residency:EU',
  },
];

const profile = profileOf({ phoneColumns: ['Home', 'Cell'], emailColumns: ['Mail'] });

describe('a row', () => {
  it.each(ROWS)('with $what is $outcome', async ({ row, outcome, code, rule }) => {
    const scrub = await scrubbed(`Home,Cell,Mail\r\n${row}\r\n`, {
      basis: { profile, registries },
      contactPoints: world(),
    });
    expect(scrub.result).toMatchObject({ kind: 'SCRUBBED', counts: { rows: 1, [outcome]: 1 } });
    if (outcome === 'approved') {
      expect(Buffer.from(scrub.approved, 'latin1').toString()).toBe(`Home,Cell,Mail\r\n${row}\r\n`);
      return;
    }
    expect(scrub.approved).toBe('Home,Cell,Mail\r\n');
    const [reported] = parse(scrub[outcome], { columns: true });
    expect(reported).toMatchObject({
      dialguard_row: '2',
      dialguard_line: '2',
      dialguard_reason: code,
      dialguard_rule: rule ?? '',
    });
    if (rule === 'us-national-registry')
      expect(reported).toHaveProperty('dialguard_citation', expect.stringContaining('47 CFR'));
  });

  it('is rejected when no version of the registry is loaded', async () => {
    const { result } = await scrubbed(`Phone\n${CLEAN}\n`, { basis: { registries: [] } });
    expect(result).toMatchObject({
      counts: { rejected: 1, reasons: { REJECTED: { REGISTRY_UNAVAILABLE: 1 } } },
    });
  });

  it('is not held back by the hour, which the check before the dial asks about', async () => {
    const atNight = Date.UTC(2026, 10, 22, 8);
    const { result } = await scrubbed(`Phone\n${CLEAN}\n`, { basis: { watermark: atNight } });
    expect(result).toMatchObject({ counts: { approved: 1 } });
  });

  it('of another region leaves no token and is never looked up', async () => {
    const contactPoints = world();
    const { evidence } = await scrubbed('Phone\n+493090182000\n', { contactPoints });
    expect(JSON.parse(evidence)).toMatchObject({ decision: 'OTHER_REGION', tokens: [] });
    expect(contactPoints.reads).toEqual([]);
  });
});

describe('a row of a list for e-mail', () => {
  const mail = { phoneColumns: [], emailColumns: ['Mail'], channel: 'EMAIL' };

  it.each([
    {
      what: 'an address in the US is approved',
      region: 'US',
      cell: 'in@example.com',
      outcome: { approved: 1 },
    },
    {
      what: 'an address that opted out is rejected',
      region: 'US',
      cell: 'OUT@example.com',
      outcome: { rejected: 1 },
    },
    {
      what: 'an address of nowhere needs consent',
      region: undefined,
      cell: 'in@example.com',
      outcome: { reasons: { REJECTED: { CONSENT_MISSING: 1 } } },
    },
    {
      what: 'an address of another region is parked',
      region: 'DE',
      cell: 'in@example.com',
      outcome: { otherRegion: 1 },
    },
    { what: 'a phone number is no address', region: 'US', cell: CLEAN, outcome: { quarantined: 1 } },
  ])('$what', async ({ region, cell, outcome }) => {
    const basis = { profile: profileOf({ ...mail, defaultRegion: region }) };
    const { result } = await scrubbed(`Mail\n${cell}\n`, { basis, contactPoints: world() });
    expect(result).toMatchObject({ counts: { rows: 1, ...outcome } });
  });

  it('is not rejected for what concerns calls alone', async () => {
    const basis = {
      profile: profileOf({ ...mail, phoneColumns: ['Phone'], purpose: 'MARKETING' }),
      registries,
    };
    const { result } = await scrubbed(`Mail,Phone\nin@example.com,${LISTED}\n`, { basis });
    expect(result).toMatchObject({ counts: { approved: 1 } });
  });
});

describe('a row of a list of calls', () => {
  it('is not rejected because nobody consented to be called at an address', async () => {
    const basis = { profile: profileOf({ emailColumns: ['Mail'], defaultRegion: undefined }), registries };
    const { result } = await scrubbed(`Phone,Mail\n+1${CLEAN},in@example.com\n`, { basis });
    expect(result).toMatchObject({ counts: { approved: 1 } });
  });
});

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
      contactPoints: world(),
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
      contactPoints: world(),
    });
    expect(parse(rejected, { columns: true })).toMatchObject([{ dialguard_row: '3', dialguard_line: '5' }]);
  });
});

describe('the evidence', () => {
  it('has one line a row, in order, and the root of its lines', async () => {
    const file = `Phone\n${CLEAN}\n${OPTED_OUT}\nnobody\n+493090182000\n`;
    const { result, evidence } = await scrubbed(file, { contactPoints: world() });
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

describe('reading contact points', () => {
  it('keeps the order of rows when later reads are answered first', async () => {
    const contactPoints = world();
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

  it('asks for at most 100 at a time and for each of a batch once', async () => {
    const contactPoints = world();
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
    expect(contactPoints.reads.reduce((sum, count) => sum + count, 0)).toBe(250);
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
