import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  CLEAN,
  LISTED,
  OPTED_OUT,
  profileOf,
  registryWith,
  scrubbed,
  somePeople,
} from '../../../support/scrub.ts';

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
      contactPoints: somePeople(),
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
    const contactPoints = somePeople();
    const { evidence } = await scrubbed('Phone\n+493090182000\n', { contactPoints });
    expect(JSON.parse(evidence)).toMatchObject({ decision: 'OTHER_REGION', tokens: [] });
    expect(contactPoints.reads).toEqual([]);
  });
});

describe('a row that says where the person lives', () => {
  const [state, zip] = ['State', 'ZIP'];
  it.each([
    { address: ',', rejected: 0 },
    { address: 'NY,10001', rejected: 0 },
    // Nine digits in a column that is declared are no undeclared number.
    { address: ',100010001', rejected: 0 },
    { address: 'AZ,', rejected: 1 },
    { address: ',85001', rejected: 1 },
    { address: 'NY,85001', rejected: 1 },
    { address: 'AZ,10001', rejected: 1 },
    { address: 'Bavaria,00000', rejected: 0 },
  ])('$address: $rejected rejected by the rule of Arizona', async ({ address, rejected }) => {
    const profile = profileOf({ stateColumn: state, postalCodeColumn: zip });
    const { result } = await scrubbed(`Phone,${state},${zip}\n${CLEAN},${address}\n`, { basis: { profile } });
    expect(result).toMatchObject({ counts: { rejected, approved: 1 - rejected } });
  });

  it('of another country keeps its own postal code to itself', async () => {
    const profile = profileOf({ postalCodeColumn: zip, defaultRegion: 'JP' });
    const { rejected } = await scrubbed(`Phone,${zip}\n+81312345678,85001\n`, { basis: { profile } });
    expect(rejected).not.toContain('us-az');
    expect(rejected).toContain('marketing-consent');
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
    const { result } = await scrubbed(`Mail\n${cell}\n`, { basis, contactPoints: somePeople() });
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
