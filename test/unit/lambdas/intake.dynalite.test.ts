import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DynamoContactPoints } from '../../../lib/adapters/dynamodb/contact-points.ts';
import { canonicalJson } from '../../../lib/domain/canonical-json.ts';
import { leaks } from '../../support/canary.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../../support/dynalite.ts';
import { NOON, PROOF } from '../../support/facts.ts';
import { eventText, FIXTURES, outboundOptOut, sqsRecord } from '../../support/genesys-events.ts';
import { apiEvent, createIntake } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';

let dynamo: TestDynamoDb;
beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.stop());

const store = () => new DynamoContactPoints(dynamo.client, TABLES.contactPoints);
const numbers = Array.from({ length: 20 }, (_, index) => `+178155501${70 + index}`);

async function everything(): Promise<string> {
  const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName: TABLES.contactPoints }));
  return canonicalJson(Items.map((item) => ({ ...unmarshall(item), sealed: undefined, dataKey: undefined })));
}

test('TB25 writers of every kind at once on one number: each is in the state, none overwrites another', async () => {
  const contactPoints = store();
  const intake = createIntake(contactPoints);
  const statement = { phoneNumber: numbers[0], channel: 'SMS', source: 'SMS_KEYWORD', by: 'gateway' };
  const grant = {
    ...statement,
    channel: 'VOICE',
    purpose: 'MARKETING',
    seller: 'acme',
    status: 'GRANTED',
    proof: PROOF,
  };
  const answers = await Promise.all([
    intake.ingest({ Records: [sqsRecord(outboundOptOut(numbers[0] ?? ''), 'm-0')] }),
    intake.preferences(apiEvent('POST /v1/opt-outs', statement)),
    intake.preferences(apiEvent('POST /v1/opt-outs', { ...statement, source: 'IVR' })),
    intake.preferences(apiEvent('POST /v1/consents', grant)),
    intake.holds(apiEvent('POST /v1/holds', { phoneNumber: numbers[0], caseId: 'case-a', by: 'carl' })),
  ]);
  expect(answers).toMatchObject([
    { batchItemFailures: [] },
    ...Array.from({ length: 4 }, () => ({ statusCode: 201 })),
  ]);
  const [found] = await contactPoints.read([tokenOfNumber(numbers[0] ?? '', PEPPER)]);
  expect(Object.keys(found?.state.suppressions ?? {})).toHaveLength(3);
  expect(Object.keys(found?.state.consents ?? {})).toEqual(['VOICE#MARKETING#acme']);
  expect(Object.keys(found?.state.holds ?? {})).toEqual(['case-a']);
  expect(found).toMatchObject({ version: 5, pendingCount: 5, sealed: true });
});

test('I3 the same events in another order, twice, through the real store end in the same state', async () => {
  const contactPoints = store();
  const bodies = numbers
    .slice(1, 11)
    .flatMap((number) => [
      outboundOptOut(number),
      outboundOptOut(number, { sessionId: 'another', eventTime: NOON - 90_000 }),
    ]);
  const tokens = numbers.slice(1, 11).map((number) => tokenOfNumber(number, PEPPER));
  const states = async () => canonicalJson((await contactPoints.read(tokens)).map(({ state }) => state));
  const records = bodies.map((body, index) => sqsRecord(body, `m-${index}`));
  await createIntake(contactPoints).ingest({ Records: records });
  const once = await states();
  expect(once.match(/"eventId"/g)).toHaveLength(10);
  await Promise.all([
    createIntake(contactPoints).ingest({ Records: records.toReversed() }),
    createIntake(contactPoints).ingest({ Records: records }),
  ]);
  expect(await states()).toBe(once);
});

test('I4 no sink but the dead letters holds a number or an address in any form', async () => {
  const intake = createIntake(store());
  const canaries = [...numbers.slice(11, 17), 'casey.customer@example.com', 'robin.reader@example.com'];
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = canaries;
  const bodies = [
    outboundOptOut(a),
    outboundOptOut(b).slice(0, -30),
    outboundOptOut(c, { dnis: `sip:${c}@host` }),
    outboundOptOut(d, { userId: d, conversationId: d, participantId: d, sessionId: d }),
    a,
    `tel:${b}`,
    JSON.stringify({ [c]: c, wrapupCode: c }),
    ...FIXTURES.map((name) => eventText(name)),
  ];
  const answers: unknown[] = [
    await intake.ingest({ Records: bodies.map((body, index) => sqsRecord(body, `m-${index}`)) }),
  ];
  const common = { channel: 'ALL', source: 'WEBSITE_FORM', by: 'form' };
  const requests: [string, object][] = [
    ['opt-outs', { ...common, phoneNumber: e }],
    ['opt-outs', { ...common, phoneNumber: e }],
    ['opt-outs', { ...common, phoneNumbers: [e, `${f} x1`, 'x'], eventId: 'list-a' }],
    ['opt-outs', { ...common, phoneNumber: e, [e]: e, by: e, eventId: e }],
    ['opt-outs', { ...common, email: canaries[6], seller: e }],
    ['consents', { ...common, email: canaries[6], purpose: 'ALL', seller: '*', status: 'WITHDRAWN' }],
    ['consents', { ...common, phoneNumber: f, purpose: 'ALL', seller: '*', status: 'GRANTED', proof: PROOF }],
    ['consents', { ...common, phoneNumber: f, purpose: f, seller: f, status: f, proof: { textVersion: f } }],
  ];
  for (const [route, body] of requests)
    answers.push(await intake.preferences(apiEvent(`POST /v1/${route}`, body)));
  for (const route of ['holds', 'hold-releases']) {
    answers.push(
      await intake.holds(apiEvent(`POST /v1/${route}`, { phoneNumber: a, caseId: 'case-a', by: 'carl' })),
    );
    answers.push(await intake.holds(apiEvent(`POST /v1/${route}`, { phoneNumber: a, caseId: a, by: a })));
  }
  intake.deadLetterFailures.push(new Error(`cannot send ${a}`));
  answers.push(await intake.ingest({ Records: [sqsRecord(`{"dnis":"${a}`, 'm-99')] }));
  expect(intake.deadLetters.length).toBeGreaterThan(3);
  const sinks = [
    await everything(),
    ...intake.lines,
    ...answers.map((answer) => JSON.stringify(answer)),
  ].join('\n');
  expect(sinks.length).toBeGreaterThan(10_000);
  expect(leaks(sinks, canaries)).toEqual([]);
  // The search itself finds what is there.
  expect(leaks(JSON.stringify(intake.deadLetters), canaries)).not.toEqual([]);
});
