import { describe, expect, it } from 'vitest';
import { contactOf, readDevice } from '../../../../lib/domain/multicloud/device.ts';
import {
  executionLogText,
  readExecutionLog,
  readResponse,
  refusalText,
  responseText,
} from '../../../../lib/domain/multicloud/execution-log.ts';
import {
  archiveName,
  executionLogName,
  readSubmissionName,
  submissionName,
} from '../../../../lib/domain/multicloud/file-name.ts';
import { processRequests } from '../../../../lib/domain/multicloud/process-submission.ts';
import { readSubmission, refused } from '../../../../lib/domain/multicloud/submission.ts';
import { SAMPLE } from './sample.ts';

const NAME = 'forget-20180315_120000.json';
const TODAY = '2018-03-15';

describe('the name of a file', () => {
  it.each([
    [NAME, { type: 'FORGET', day: TODAY }],
    ['export-20240229_7.json', { type: 'EXPORT', day: '2024-02-29' }],
    ['export-20230229_120000.json', undefined],
    ['forget-20180315.json', undefined],
    ['forget-20180315_.json', undefined],
    ['delete-20180315_120000.json', undefined],
    ['FORGET-20180315_120000.json', undefined],
    ['forget-20180315_120000.json.bak', undefined],
    ['forget-20180315_12/0000.json', undefined],
    ['forget-20180315_120000-execution-log.json', undefined],
  ])('%s', (name, read) => {
    expect(readSubmissionName(name)).toEqual(read);
  });

  it('takes date and time from the clock of the place where it is picked up', () => {
    const now = Date.parse('2026-11-22T23:30:05Z');
    expect(submissionName({ type: 'FORGET', what: 'a' }, now, 'Europe/Berlin')).toMatch(
      /^forget-20261123_\d{6}\.json$/,
    );
    expect(submissionName({ type: 'EXPORT', what: 'a' }, now, 'America/New_York')).toMatch(
      /^export-20261122_\d{6}\.json$/,
    );
    const names = ['a', 'b', 'a'].map((what) => submissionName({ type: 'EXPORT', what }, now, 'UTC'));
    expect([new Set(names).size, names[0]]).toEqual([2, names[2]]);
  });

  it('names the log and the archive after the file', () => {
    expect(executionLogName(NAME)).toBe('forget-20180315_120000-execution-log.json');
    expect(archiveName('export-20180315_120000.json')).toBe('export-20180315_120000-archive.zip');
  });
});

describe('a device', () => {
  it.each([
    [{ phone: '+1 781 555 1212' }, { kind: 'phone', e164: '+17815551212' }],
    [{ phone: '+17815551212' }, { kind: 'phone', e164: '+17815551212' }],
    [{ email: 'Test@Test.com' }, { kind: 'email', canonical: 'mailto:test@test.com' }],
    [{ ipaddr: '10.10.10.10' }, { kind: 'ip', address: '10.10.10.10' }],
    [{ ipaddr: '2001:DB8::1' }, { kind: 'ip', address: '2001:db8::1' }],
  ])('%j is read', (contact, device) => {
    expect(readDevice(contact)).toMatchObject(device);
    const read = readDevice(contact);
    if (read.kind !== 'unreadable') expect(readDevice(contactOf(read))).toEqual(read);
  });

  it.each([
    [{ phone: '617 555 1313' }, 'incorrect device format'],
    [{ phone: '+1 (617) 555-1313' }, 'incorrect device format'],
    [{ phone: '+1 617 555 1313 ' }, 'incorrect device format'],
    [{ phone: '+1 617  555 1313' }, 'incorrect device format'],
    [{ phone: '+1 617 555 13' }, 'incorrect device format'],
    [{ phone: 16175551313 }, 'incorrect device format'],
    [{ email: 'test@localhost' }, 'incorrect device format'],
    [{ email: 'a@b@example.com' }, 'incorrect device format'],
    [{ ipaddr: '10.10.10.256' }, 'incorrect device format'],
    [{ ipaddr: '10.10.10' }, 'incorrect device format'],
    [{ phone: '+1 781 555 1212', email: 'test@test.com' }, 'expected one of phone, email, ipaddr'],
    [{ fax: '+1 781 555 1212' }, 'expected one of phone, email, ipaddr'],
    ['+1 781 555 1212', 'expected one of phone, email, ipaddr'],
    [null, 'expected one of phone, email, ipaddr'],
  ])('%j is refused', (contact, reason) => {
    expect(readDevice(contact)).toEqual({ kind: 'unreadable', reason });
  });

  it('is written as E.123 asks', () => {
    const german = readDevice({ phone: '+4915550100123' });
    const texts = german.kind === 'unreadable' ? {} : contactOf(german);
    expect(texts['phone']).toMatch(/^\+49( \d+)+$/);
  });
});

describe('a file', () => {
  const json = (type: string, more: object = {}) =>
    JSON.stringify({ requests: [{ type, contacts: [], ...more }] });
  it.each([
    ['misnamed', { name: 'people.json' }, 'MISNAMED'],
    ['of yesterday', { today: '2018-03-16' }, 'OTHER_DAY'],
    ['of tomorrow', { today: '2018-03-14' }, 'OTHER_DAY'],
    ['that is no JSON', { text: '{"requests":' }, 'NOT_JSON'],
    ['without requests', { text: '{"requests":[]}' }, 'MALFORMED'],
    ['that is a list', { text: '[]' }, 'MALFORMED'],
    ['whose contacts are no list', { text: json('FORGET', { contacts: {} }) }, 'MALFORMED'],
    ['of an unknown type', { text: json('DELETE') }, 'UNKNOWN_TYPE'],
    ['of another type than its name', { text: json('EXPORT') }, 'OTHER_TYPE_THAN_NAME'],
    [
      'of two types',
      {
        text: JSON.stringify({
          requests: [
            { type: 'FORGET', contacts: [] },
            { type: 'EXPORT', contacts: [] },
          ],
        }),
      },
      'MIXED_TYPES',
    ],
  ])('%s is refused as a whole', (_what, change, code) => {
    const file = { name: NAME, text: json('FORGET'), today: TODAY };
    expect(readSubmission(file).kind).toBe('submission');
    expect(readSubmission({ ...file, ...change })).toMatchObject({ kind: 'refused', code });
  });

  it('is refused without a word of its content', () => {
    const text = JSON.stringify({ requests: [{ type: 1, contacts: '+13175550142' }] });
    const read = readSubmission({ name: NAME, text, today: TODAY });
    expect(read.kind).toBe('refused');
    expect(JSON.stringify(read)).not.toContain('3175550142');
  });

  it('may begin with a byte order mark', () => {
    expect(readSubmission({ name: NAME, text: `\uFEFF${json('FORGET')}`, today: TODAY }).kind).toBe(
      'submission',
    );
  });
});

describe("the page's sample", () => {
  it('gives the responses that the page shows', async () => {
    const file = readSubmission({ name: NAME, text: JSON.stringify(SAMPLE), today: TODAY });
    if (file.kind !== 'submission') throw new Error('expected the sample to be read');
    const responses = await processRequests(file.requests, async () => ({ outcome: 'SUCCESS' }));
    const log = readExecutionLog(executionLogText(file.requests, responses));
    if (log.kind !== 'log') throw new Error('expected a log');
    const said = log.result.map(({ contacts }) =>
      contacts.map((contact) => JSON.parse(JSON.stringify(contact)).response),
    );
    // No address of a machine is stored here: the page's system found some.
    const ip = 'SUCCESS: not found';
    expect(said).toEqual([
      ['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS', ip, ip],
      ['SUCCESS', 'ERROR: incorrect device format', 'SUCCESS', 'SUCCESS', ip, ip],
    ]);
    expect(JSON.parse(executionLogText(file.requests, responses)).requests).toEqual(SAMPLE.requests);
  });
});

describe('acting on devices', () => {
  const request = (contacts: unknown[]) => ({ type: 'FORGET', contacts });
  it('goes on after a device that fails, and acts once on one that is named often', async () => {
    const seen: string[] = [];
    const responses = await processRequests(
      [
        request([{ email: 'a@example.com' }, { email: 'broken@example.com' }, {}]),
        request([{ email: 'A@example.com' }, { email: 'b@example.com' }]),
      ],
      async (device) => {
        seen.push(device.canonical);
        if (device.canonical.includes('broken')) throw new Error('the store is down');
        return { outcome: device.canonical.includes('b@') ? 'NOT_FOUND' : 'SUCCESS' };
      },
    );
    expect(responses.map((each) => each.map(responseText))).toEqual([
      [
        'SUCCESS',
        'ERROR: not processed for a fault of ours, submit it again',
        'ERROR: expected one of phone, email, ipaddr',
      ],
      ['SUCCESS', 'SUCCESS: not found'],
    ]);
    expect(seen.toSorted()).toEqual([
      'mailto:a@example.com',
      'mailto:b@example.com',
      'mailto:broken@example.com',
    ]);
  });
});

describe('an execution log', () => {
  const result = [
    { type: 'FORGET', requestcase: '1', contacts: [{ phone: '+1 781 555 1212', response: 'SUCCESS' }] },
  ];
  it.each([
    ['with result beside requests', { requests: [], result }],
    ['with result as the last of the requests', { requests: [{ type: 'FORGET', contacts: [] }, { result }] }],
  ])('%s is read', (_shape, log) => {
    expect(readExecutionLog(JSON.stringify(log))).toMatchObject({ kind: 'log', result });
  });

  it.each(['', '[]', '{"result":{}}', '{"requests":[1]}'])('%j is unreadable', (text) => {
    expect(readExecutionLog(text)).toEqual({ kind: 'unreadable' });
  });

  it('of a refused file says why', () => {
    const log = readExecutionLog(refusalText(refused('OTHER_DAY', 'expected the date 2018-03-15')));
    expect(log).toMatchObject({
      kind: 'log',
      result: [],
      error: 'ERROR: OTHER_DAY: expected the date 2018-03-15',
    });
  });

  it.each([
    ['SUCCESS', { outcome: 'SUCCESS' }],
    ['SUCCESS: not found', { outcome: 'NOT_FOUND' }],
    ['SUCCESS: Not Found in any list', { outcome: 'NOT_FOUND' }],
    ['ERROR: incorrect device format', { outcome: 'ERROR', reason: 'incorrect device format' }],
    ['ERROR', { outcome: 'ERROR', reason: 'no readable response' }],
    ['SUCCESSFULLY IGNORED', { outcome: 'ERROR', reason: 'no readable response' }],
    ['', { outcome: 'ERROR', reason: 'no readable response' }],
    [undefined, { outcome: 'ERROR', reason: 'no readable response' }],
  ])('the response %j', (text, response) => {
    expect(readResponse(text)).toEqual(response);
  });
});
