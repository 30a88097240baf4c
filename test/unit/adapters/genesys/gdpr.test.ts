import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGenesysApi } from '../../../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysGdpr } from '../../../../lib/adapters/genesys/gdpr.ts';
import { createGdprPlatform, type FakePlatform } from '../../../support/genesys-cloud/gdpr-platform.ts';
import { CLIENT, type FakeServer, startFakeServer } from '../../../support/genesys-cloud/server.ts';

let fake: FakeServer;
let platform: FakePlatform;
let gdpr: HttpGenesysGdpr;
const NOW = Date.parse('2026-11-22T12:00:00Z');

beforeEach(async () => {
  platform = createGdprPlatform({
    records: [
      {
        subject: { name: 'Ana', dialerContactId: { id: 'c-1', contactListId: 'l-1' } },
        terms: { PHONE: '+13175550142' },
      },
      { subject: { name: 'Ana', externalContactId: 'ec-1' }, terms: { EMAIL: 'ana@example.com' } },
    ],
    mergeSets: { 'ec-0': ['ec-0', 'ec-1'] },
    url: () => fake.url,
    now: () => NOW,
  });
  fake = await startFakeServer(platform.routes);
  const api = createGenesysApi({
    apiUrl: fake.url,
    loginUrl: fake.url,
    credentials: async () => CLIENT,
    rate: { burst: 1000, perSecond: 1000 },
    now: Date.now,
    wait: async () => undefined,
    random: () => 0,
    timeoutMs: 5000,
  });
  gdpr = new HttpGenesysGdpr(api, 5000);
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake.close();
});

describe("Genesys Cloud's GDPR API", () => {
  it('finds subjects by one identifier a call', async () => {
    expect(await gdpr.findSubjects({ kind: 'PHONE', value: '+13175550142' })).toMatchObject([
      { dialerContactId: { id: 'c-1', contactListId: 'l-1' } },
    ]);
    expect(await gdpr.findSubjects({ kind: 'NAME', value: 'Nobody' })).toEqual([]);
  });

  it('knows the canonical contact of a merge set', async () => {
    expect(await gdpr.canonicalContact('ec-1')).toBe('ec-0');
    await expect(gdpr.canonicalContact('ec-5')).rejects.toMatchObject({ code: 'GENESYS_REFUSED' });
  });

  it('asks for a deletion with the word that confirms it, and follows it to its end', async () => {
    const target = { dialerContactId: { id: 'c-1', contactListId: 'l-1' } };
    const { id } = await gdpr.submit({ requestType: 'GDPR_DELETE', target, mergeSet: [], replacements: [] });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await gdpr.read(id)).status);
    expect(statuses).toEqual(['SEARCHING', 'DELETING', 'COMPLETED', 'COMPLETED']);
    expect([...platform.deleted]).toEqual(['c-1']);
    expect(await gdpr.findSubjects({ kind: 'PHONE', value: '+13175550142' })).toEqual([]);
  });

  it('tells of the related requests of a merge set', async () => {
    const request = await gdpr.submit({
      requestType: 'GDPR_DELETE',
      target: { externalContactId: 'ec-0' },
      mergeSet: [],
      replacements: [],
    });
    expect(request.relatedRequests).toEqual([{ id: 'gdpr-2' }]);
    expect(platform.requests.map(({ subject }) => subject.externalContactId)).toEqual(['ec-0', 'ec-1']);
  });

  it('sends the terms of a rectification', async () => {
    const replacements = [
      { kind: 'EMAIL', existing: 'ana@example.com', updated: 'ana@example.org' } as const,
    ];
    const target = { externalContactId: 'ec-1' };
    await gdpr.submit({ requestType: 'GDPR_UPDATE', target, mergeSet: [], replacements });
    expect(fake.calls.at(-1)?.body).toEqual({
      requestType: 'GDPR_UPDATE',
      subject: target,
      replacementTerms: [
        { type: 'EMAIL', existingValue: 'ana@example.com', updatedValue: 'ana@example.org' },
      ],
    });
  });

  it('fetches every file of an export from where the platform offers it', async () => {
    const target = { externalContactId: 'ec-1' };
    const { id } = await gdpr.submit({ requestType: 'GDPR_EXPORT', target, mergeSet: [], replacements: [] });
    for (let i = 0; i < 3; i += 1) await gdpr.read(id);
    const results = await gdpr.results(await gdpr.read(id));
    expect(results.map((bytes) => JSON.parse(Buffer.from(bytes).toString()))).toMatchObject([
      { request: id, records: [{ externalContactId: 'ec-1' }] },
    ]);
  });

  it('lists every page of what was asked since a moment', async () => {
    for (let i = 0; i < 130; i += 1) {
      await gdpr.submit({
        requestType: 'GDPR_EXPORT',
        target: { externalContactId: `ec-${i + 10}` },
        mergeSet: [],
        replacements: [],
      });
    }
    expect(await gdpr.submittedSince(NOW)).toHaveLength(130);
    expect(await gdpr.submittedSince(NOW + 1)).toHaveLength(0);
  });
});
