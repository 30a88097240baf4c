import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { leaks } from '../support/canary.ts';
import { TABLES } from '../support/dynalite.ts';
import { DAY, HOUR, KNOWN, SHA } from '../support/incidents.ts';
import { GOOD_TEXTS } from '../support/notice-texts.ts';
import { type IncidentWorld, startIncidentWorld, type Told } from './incident-fixture.ts';

const CANARIES = ['+13175550142', 'jane.doe@example.org'];
const LIST = `recipientId,phone,email,country\nr-1,${CANARIES[0]},,US\nr-2,,${CANARIES[1]},DE\n`;
const DOCUMENTS = ['FACTS', 'EFFECTS', 'REMEDIAL_ACTION'].map((about) => ({
  about,
  id: `doc:${about}`,
  sha256: SHA,
}));

let world: IncidentWorld;
let references = 0;
let id = '';
beforeAll(async () => {
  world = await startIncidentWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.clock.now = KNOWN;
});

async function report(more: object = {}): Promise<Told> {
  references += 1;
  const told = await world.ask('POST /v1/incidents', {
    reference: `SEC-${references}`,
    by: 'soc-1',
    ...more,
  });
  id = String(told['id']);
  return told;
}

function happen(event: string, more: object = {}, by = 'dpo-1'): Promise<Told> {
  return world.ask('POST /v1/incidents/{id}/events', { event, by, ...more }, { id });
}

function show(): Promise<Told> {
  return world.ask('GET /v1/incidents/{id}', {}, { id });
}

const ASSESS = { risk: 'HIGH', jurisdictions: ['DE'], dataElements: ['PASSWORD'], persons: 2 };

async function approveTemplate(name: string): Promise<void> {
  const written = await world.ask('POST /v1/notice-templates', {
    ...{ name, language: 'en', author: 'writer-1', ...GOOD_TEXTS.SMS },
  });
  expect(written.status).toBe(201);
  const { sha256 } = Object(written['template']);
  const ref = { name, language: 'en', channel: 'SMS', version: 1 };
  const approved = await world.ask('POST /v1/notice-template-approvals', { ...ref, by: 'legal-1', sha256 });
  expect(approved).toMatchObject({ status: 200, template: { approval: { by: 'legal-1' } } });
}

describe('an incident over HTTP', () => {
  it('goes from its report to the release of its notices, by two people', async () => {
    expect(await report()).toMatchObject({
      status: 201,
      accepted: true,
      state: 'REPORTED',
      jurisdictions: ['EU'],
    });
    expect(await happen('assess', ASSESS)).toMatchObject({ status: 200, state: 'ASSESSED', risk: 'HIGH' });
    const versionId = await world.putList(id, LIST);
    expect(await happen('affected')).toMatchObject({
      status: 200,
      affected: { bucketKey: `incidents/${id}/affected.csv`, versionId, sha256: sha256Hex(LIST), rows: 2 },
    });
    const prepare = { template: 'breach-standard' };
    expect(await happen('prepare', prepare)).toMatchObject({ status: 409, code: 'TEMPLATE_NOT_APPROVED' });
    await approveTemplate('breach-standard');
    expect(await happen('prepare', prepare)).toMatchObject({ status: 200, state: 'READY' });
    expect(await happen('release')).toMatchObject({ status: 409, code: 'SAME_PERSON' });
    expect(await happen('release', {}, 'legal-1')).toMatchObject({ status: 200, state: 'NOTIFYING' });
    expect(await show()).toMatchObject({
      status: 200,
      prepared: { by: 'dpo-1' },
      release: { by: 'legal-1' },
    });
  });

  it('is taken in once, however often it is sent with the same id', async () => {
    const said = { id: '01990000-0000-7000-8000-00000000beef', reference: 'SEC-99', by: 'soc-1' };
    expect(await world.ask('POST /v1/incidents', said)).toMatchObject({ status: 201, id: said.id });
    world.clock.now += HOUR;
    expect(await world.ask('POST /v1/incidents', { ...said, reference: 'SEC-100' })).toMatchObject({
      status: 200,
      reference: 'SEC-99',
      receivedAt: new Date(KNOWN).toISOString(),
    });
  });

  it('keeps its clocks, and wants the reasons of a late notice', async () => {
    await report({ jurisdictions: ['DE'] });
    await happen('assess', ASSESS);
    world.clock.now = KNOWN + 4 * DAY;
    expect(await show()).toMatchObject({
      clocks: [{ id: 'gdpr-authority', state: 'LATE' }, { id: 'gdpr-persons' }],
    });
    const told = { clock: 'gdpr-authority', authority: 'bfdi', notifiedAt: '2026-11-23T17:00:00+01:00' };
    expect(await happen('authority-notified', told)).toMatchObject({
      status: 409,
      code: 'DELAY_REASON_MISSING',
    });
    expect(await happen('authority-notified', { ...told, delayReason: 'doc:delay' })).toMatchObject({
      status: 200,
      clocks: [{ state: 'MET_LATE', metAt: '2026-11-23T16:00:00.000Z', delayReason: 'doc:delay' }, {}],
    });
  });

  it('ends exempt, waived or told, once it is documented', async () => {
    await report();
    await happen('assess', { ...ASSESS, documents: DOCUMENTS });
    expect(await happen('close')).toMatchObject({ status: 409, code: 'CLOCKS_OPEN' });
    await happen('exempt', { ground: 'UNINTELLIGIBLE_DATA', document: 'doc:keys' });
    await happen('end-exemption');
    await happen('exempt', { ground: 'RISK_REMOVED', document: 'doc:risk' });
    await happen('waive', { clock: 'gdpr-authority', document: 'doc:lead-authority' });
    expect(await happen('close')).toMatchObject({ status: 200, state: 'CLOSED' });
    expect(await happen('assess', ASSESS)).toMatchObject({ status: 409, code: 'WRONG_STATE' });
  });

  it('is in the register with all others, whatever its risk', async () => {
    await report();
    await happen('assess', { risk: 'UNLIKELY', documents: DOCUMENTS });
    await happen('close');
    const { incidents } = await world.ask('GET /v1/incidents');
    const found = (await world.incidents.all()).map((incident) => incident.id);
    expect(incidents).toHaveLength(found.length);
    expect(incidents).toContainEqual(expect.objectContaining({ id, risk: 'UNLIKELY', documents: DOCUMENTS }));
  });

  it.each<{ what: string; list: string; code: string; says: RegExp }>([
    { what: 'no list', list: '', code: 'LIST_MISSING', says: /found none/ },
    { what: 'an empty one', list: 'recipientId,phone,email\n', code: 'LIST_EMPTY', says: /none/ },
    { what: 'other columns', list: 'name\nJane Doe\n', code: 'LIST_REFUSED', says: /MISSING_COLUMN/ },
    { what: 'a torn one', list: 'recipientId,phone,email\nr-1,"+1', code: 'LIST_REFUSED', says: /line 2/ },
  ])('is told to nobody by $what', async ({ list, code, says }) => {
    await report();
    await happen('assess', ASSESS);
    if (list !== '') await world.putList(id, list);
    const told = await happen('affected');
    expect(told).toMatchObject({ status: 422, code });
    expect(told['message']).toMatch(says);
    expect(JSON.stringify(told)).not.toContain('Jane');
  });

  it('has the version of its list that was meant, also if another has come since', async () => {
    await report();
    await happen('assess', ASSESS);
    const versionId = await world.putList(id, LIST);
    await world.putList(id, `${LIST}r-3,,,\n`);
    expect(await happen('affected', { versionId })).toMatchObject({ affected: { versionId, rows: 2 } });
    expect(await happen('affected', { versionId: 'of-nothing' })).toMatchObject({ code: 'LIST_MISSING' });
  });

  it.each<{ route: string; body: object; status: number; says: string }>([
    { route: 'POST /v1/incidents', body: { reference: 'x' }, status: 400, says: 'by' },
    {
      route: 'POST /v1/incidents',
      body: { reference: '+13175550142', by: 'a' },
      status: 400,
      says: 'opaque id',
    },
    {
      route: 'POST /v1/incidents',
      body: { reference: 'x', by: 'a', description: 'Jane' },
      status: 400,
      says: 'no others',
    },
    {
      route: 'POST /v1/incidents',
      body: { reference: 'x', by: 'a', knownAt: '2026-11-21' },
      status: 400,
      says: 'ISO 8601',
    },
    {
      route: 'POST /v1/incidents',
      body: { reference: 'x', by: 'a', knownAt: '2027-01-01T00:00:00Z' },
      status: 409,
      says: 'IN_THE_FUTURE',
    },
    {
      route: 'POST /v1/incidents/{id}/events',
      body: { event: 'notified', by: 'a' },
      status: 400,
      says: 'event',
    },
    {
      route: 'POST /v1/incidents/{id}/events',
      body: { event: 'assess', by: 'a', risk: 'NONE' },
      status: 400,
      says: 'risk',
    },
    {
      route: 'POST /v1/incidents/{id}/events',
      body: { event: 'close', by: 'a' },
      status: 404,
      says: 'UNKNOWN_INCIDENT',
    },
    { route: 'GET /v1/incidents/{id}', body: {}, status: 404, says: 'UNKNOWN_INCIDENT' },
    {
      route: 'GET /v1/notice-templates/{name}/{language}/{channel}/{version}',
      body: {},
      status: 404,
      says: 'UNKNOWN_TEMPLATE',
    },
    { route: 'DELETE /v1/incidents', body: {}, status: 404, says: 'UNKNOWN_ROUTE' },
  ])('says what is wrong with $route $body', async ({ route, body, status, says }) => {
    const told = await world.ask(route, body, { id: '01990000-0000-7000-8000-0000000000ff' });
    expect(told.status).toBe(status);
    expect(JSON.stringify(told)).toContain(says);
    expect(JSON.stringify(told)).not.toContain('Jane');
  });
});

describe('texts over HTTP', () => {
  it('are read, listed and approved by what was read', async () => {
    await approveTemplate('breach-read');
    const path = { name: 'breach-read', language: 'en', channel: 'SMS', version: '1' };
    const route = 'GET /v1/notice-templates/{name}/{language}/{channel}/{version}';
    const shown = await world.ask(route, {}, path);
    expect(shown).toMatchObject({ status: 200, text: GOOD_TEXTS.SMS.text, author: 'writer-1' });
    const { templates } = await world.ask('GET /v1/notice-templates');
    expect(templates).toContainEqual(
      expect.objectContaining({ name: 'breach-read', sha256: shown['sha256'] }),
    );
    expect(JSON.stringify(templates)).not.toContain('security incident');
    const ref = { name: 'breach-read', language: 'en', channel: 'SMS', version: 1 };
    const other = await world.ask('POST /v1/notice-template-approvals', {
      ...ref,
      by: 'legal-1',
      sha256: SHA,
    });
    expect(other).toMatchObject({ status: 409, code: 'OTHER_TEXT' });
    const unknown = { ...ref, version: 2, by: 'legal-1', sha256: SHA };
    expect(await world.ask('POST /v1/notice-template-approvals', unknown)).toMatchObject({ status: 404 });
  });

  it('that hold what they must not are kept nowhere', async () => {
    const text = `${GOOD_TEXTS.SMS.text}\nCall ${CANARIES[0]} or ${CANARIES[1]}: your password`;
    const draft = { name: 'breach-bad', language: 'en', channel: 'SMS', author: 'writer-1', text };
    for (const dryRun of [true, false]) {
      const told = await world.ask('POST /v1/notice-templates', { ...draft, dryRun });
      expect(told).toMatchObject({ status: 422, code: 'TEXT_REFUSED' });
      expect(told['findings']).toMatchObject([
        { code: 'NUMBER_IN_TEXT', in: 'text', line: 2 },
        { code: 'EMAIL_IN_TEXT' },
        { code: 'DATA_ELEMENT_IN_SMS' },
      ]);
      expect(leaks(JSON.stringify(told), CANARIES)).toEqual([]);
    }
    const { templates } = await world.ask('GET /v1/notice-templates');
    expect(templates).not.toContainEqual(expect.objectContaining({ name: 'breach-bad' }));
  });

  it('are tried without being kept', async () => {
    const draft = {
      name: 'breach-tried',
      language: 'en',
      author: 'writer-1',
      ...GOOD_TEXTS.SMS,
      dryRun: true,
    };
    expect(await world.ask('POST /v1/notice-templates', draft)).toMatchObject({ status: 200, findings: [] });
    const { templates } = await world.ask('GET /v1/notice-templates');
    expect(templates).not.toContainEqual(expect.objectContaining({ name: 'breach-tried' }));
  });
});

it('no list and no text leaves a trace of a person in an item or a log', async () => {
  const tables = await Promise.all(
    [TABLES.cases, TABLES.contactPoints].map((TableName) =>
      world.db.client.send(new ScanCommand({ TableName })),
    ),
  );
  const stored = JSON.stringify(tables.map(({ Items }) => Items));
  expect(stored).toContain('affected.csv');
  expect(leaks(stored + world.lines.join('\n'), CANARIES)).toEqual([]);
});
