import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, DAY_MS, hold } from '../support/facts.ts';
import { leaksIn } from '../system/sinks.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';
import {
  awaitingReview,
  createPrivacyBucket,
  createRequestWorld,
  type RequestWorld,
  shown,
} from './subject-request-fixture.ts';

const NAME = { kind: 'NAME', value: 'Ana Pérez' };
const PHONE = { kind: 'PHONE', value: '+13175550142' };
const TRANSPOSED = { kind: 'PHONE', value: '+13175550124' };
const EMAIL = { kind: 'EMAIL', value: 'ana@example.com' };
const contact = (externalContactId: string, name: string, terms: Record<string, string>) => ({
  subject: { externalContactId, name },
  terms,
});
/** Ana; Bob, who shares her telephone; a stranger whose number is hers but for two digits; another Ana Pérez. */
const RECORDS = [
  contact('ec-ana', 'Ana Pérez', { NAME: NAME.value, PHONE: PHONE.value, EMAIL: EMAIL.value }),
  contact('ec-bob', 'Bob Pérez', { PHONE: PHONE.value, EMAIL: 'bob@example.com' }),
  contact('ec-stranger', 'Carla Other', { PHONE: TRANSPOSED.value }),
  contact('ec-namesake', 'Ana Pérez', { NAME: NAME.value }),
];

let db: TestDynamoDb;
let s3: Fixture;
let world: RequestWorld;
beforeAll(async () => {
  [db, s3] = await Promise.all([startDynalite(), startLocalS3()]);
  await createPrivacyBucket(s3.client());
});
afterAll(() => Promise.all([db.stop(), s3.close()]));
beforeEach(async () => {
  world = await createRequestWorld({ db, s3: s3.client() }, { records: RECORDS });
});
afterEach(async () => {
  expect(world.fake.violations).toEqual([]);
  await world.fake.close();
});

/** Whom a review is shown, and whether an officer may confirm them. */
async function found(identifiers: readonly object[], type = 'ERASURE') {
  const id = await awaitingReview(world, type, identifiers);
  // However often it runs: nothing moves without a person.
  await world.run(3);
  const review = shown(await world.show(id));
  expect([review.state, world.calls('POST')]).toEqual(['AWAITING_REVIEW', []]);
  return { id, subjects: review.subjects.map(({ verdict, target }) => [target, verdict]) };
}
const ec = (externalContactId: string) => ({ externalContactId });

describe('the wrong person', () => {
  it.each([
    [
      'a transposed digit',
      [NAME, TRANSPOSED, EMAIL],
      [
        [ec('ec-ana'), 'MATCHED'],
        [ec('ec-namesake'), 'NAME_ONLY'],
        [ec('ec-stranger'), 'ONE_IDENTIFIER'],
      ],
    ],
    [
      'a name alone',
      [NAME],
      [
        [ec('ec-ana'), 'NAME_ONLY'],
        [ec('ec-namesake'), 'NAME_ONLY'],
      ],
    ],
    [
      "a household's telephone",
      [PHONE],
      [
        [ec('ec-ana'), 'ONE_IDENTIFIER'],
        [ec('ec-bob'), 'ONE_IDENTIFIER'],
      ],
    ],
    [
      'the e-mail address of another in the household',
      [NAME, PHONE, { ...EMAIL, value: 'bob@example.com' }],
      [
        [ec('ec-ana'), 'MATCHED'],
        [ec('ec-namesake'), 'NAME_ONLY'],
        [ec('ec-bob'), 'NAME_DIFFERS'],
      ],
    ],
    [
      'one number given as two',
      [PHONE, { ...PHONE, kind: 'WHATSAPP' }],
      [
        [ec('ec-ana'), 'ONE_IDENTIFIER'],
        [ec('ec-bob'), 'ONE_IDENTIFIER'],
      ],
    ],
  ])(
    'by %s waits for a person, and nothing is asked of the platform',
    async (_what, identifiers, subjects) => {
      expect((await found(identifiers)).subjects).toEqual(subjects);
    },
  );

  it('who shares a name alone is never approved', async () => {
    const { id } = await found([NAME]);
    for (const key of ['subject-1', 'subject-2', 'subject-3']) {
      expect(await world.act(id, 'approve', { subjects: [key] })).toMatchObject({
        status: 409,
        code: 'SUBJECT_NOT_CONFIRMABLE',
      });
    }
    await world.run(3);
    expect(shown(await world.show(id)).state).toBe('AWAITING_REVIEW');
  });

  it('is not erased by whoever took the request in, nor with those whom a person did not confirm', async () => {
    const { id } = await found([PHONE]);
    const alone = await world.act(id, 'approve', { by: 'officer-1', subjects: ['subject-1'] });
    expect(alone).toMatchObject({ status: 409, code: 'SAME_PERSON' });
    await world.run(2);
    expect(world.calls('POST')).toEqual([]);
    // Named twice, asked once.
    await world.act(id, 'approve', { subjects: ['subject-1', 'subject-1'] });
    await world.run(6);
    expect(shown(await world.show(id)).state).toBe('COMPLETED');
    expect([...world.platform.deleted]).toEqual(['ec-ana']);
    expect(world.calls('POST')).toHaveLength(1);
  });
});

describe('a person of another region', () => {
  const LONDON = '+442079460106';
  it.each([
    ['a telephone', { identifiers: [{ kind: 'PHONE', value: LONDON }] }],
    ['a number for WhatsApp', { identifiers: [EMAIL, { kind: 'WHATSAPP', value: LONDON }] }],
    [
      'a number to be replaced',
      { replacements: [{ kind: 'PHONE', existing: LONDON, updated: PHONE.value }] },
    ],
    ['a number that replaces', { replacements: [{ kind: 'PHONE', existing: PHONE.value, updated: LONDON }] }],
  ])(
    'is refused by %s before anything is kept or asked',
    async (_what, {
      identifiers = [PHONE],
      ...rest
    }: { identifiers?: object[]; replacements?: object[] }) => {
      const before = (await world.requests.all()).length;
      const type = 'replacements' in rest ? 'RECTIFICATION' : 'ERASURE';
      expect(await world.take(type, identifiers, rest)).toMatchObject({
        accepted: false,
        code: 'WRONG_REGION',
        region: 'EU',
      });
      await world.run();
      expect([(await world.requests.all()).length, world.fake.calls]).toEqual([before, []]);
      expect(leaksIn(new Map([['logs', world.recorded.lines.join('\n')]]), [LONDON])).toEqual([]);
    },
  );
});

describe('a rectification', () => {
  it('replaces what the platform has, in the form in which it was looked for', async () => {
    const replacements = [{ kind: 'PHONE', existing: '+1 (317) 555-0142', updated: '+1 317 555 0143' }];
    const id = await awaitingReview(world, 'RECTIFICATION', [EMAIL], { replacements });
    await world.act(id, 'approve', { subjects: ['subject-1'] });
    await world.run(6);
    expect(shown(await world.show(id)).state).toBe('COMPLETED');
    expect(world.calls('POST').map(({ body }) => body)).toEqual([
      {
        requestType: 'GDPR_UPDATE',
        subject: ec('ec-ana'),
        replacementTerms: [{ type: 'PHONE', existingValue: PHONE.value, updatedValue: '+13175550143' }],
      },
    ]);
  });
});

describe('a litigation hold', () => {
  it('keeps the person here and everywhere, until it is released and the erasure tried again', async () => {
    await world.say(PHONE.value, consent({ seller: 'acme' }), hold({ caseId: 'case-7' }));
    const before = await world.standing(PHONE.value);
    const { id } = await found([PHONE, EMAIL]);
    await world.act(id, 'approve', { subjects: ['subject-1'] });
    await world.run(6);
    const steps = () =>
      world.show(id).then((told) => shown(told).steps.map(({ state, cause }) => [state, cause]));
    expect(shown(await world.show(id)).state).toBe('PARTIAL');
    expect(await steps()).toEqual([
      ['HELD', 'LITIGATION_HOLD'],
      ['DONE', undefined],
      ['HELD', 'LITIGATION_HOLD'],
    ]);
    expect(world.calls('POST')).toEqual([]);
    const kept = await world.standing(PHONE.value);
    expect([kept.state.holds, kept.state.consents, kept.sealed]).toEqual([
      before.state.holds,
      before.state.consents,
      true,
    ]);
    const release = (by: string) => hold({ caseId: 'case-7', action: 'RELEASED', by, at: world.clock.now });
    // One person releases no hold: while it stands, trying again changes nothing.
    await world.say(PHONE.value, release('legal-2'));
    await world.act(id, 'retry', {});
    await world.run(4);
    expect([shown(await world.show(id)).state, world.calls('POST')]).toEqual(['PARTIAL', []]);

    await world.say(PHONE.value, release('legal-3'));
    await world.act(id, 'retry', {});
    await world.run(8);
    expect(await world.show(id)).toMatchObject({ state: 'COMPLETED', dataDestroyed: true });
    expect([...world.platform.deleted]).toEqual(['ec-ana']);
    expect((await world.standing(PHONE.value)).sealed).toBe(false);
  });
});

describe('the clock of the law', () => {
  it('is shown, rings a week before it lapses and when it has, and is extended once and in time', async () => {
    const fresh = await startDynalite();
    const alone = await createRequestWorld({ db: fresh, s3: s3.client() }, { records: RECORDS });
    const day = (date: string) => Date.parse(`${date}T17:00:00Z`);
    alone.clock.now = day('2027-01-29');
    const { id } = shown(await alone.take('ACCESS', [PHONE]));
    const due = () => alone.show(id).then(({ nominalOn, dueOn }) => [nominalOn, dueOn]);
    // A month from 29 January ends on the last day of February, a Sunday.
    expect(await due()).toEqual(['2027-02-28', '2027-03-01']);
    const last = async (date: string) => {
      alone.clock.now = day(date);
      await alone.run();
      const value = (name: 'SubjectRequestDueCount' | 'SubjectRequestLateCount') =>
        alone.recorded.values(name).at(-1) ?? Number.NaN;
      return [value('SubjectRequestDueCount'), value('SubjectRequestLateCount')];
    };
    expect(await last('2027-02-20')).toEqual([0, 0]);
    expect(await last('2027-02-21')).toEqual([1, 0]);
    expect(await last('2027-02-28')).toEqual([1, 0]);
    expect(await last('2027-03-02')).toEqual([1, 1]);
    const extend = () => alone.act(id, 'extend', { reason: 'COMPLEX' });
    expect(await extend()).toMatchObject({ status: 409, code: 'EXTENDED_TOO_LATE' });
    alone.clock.now = day('2027-03-01');
    expect(await extend()).toMatchObject({ status: 200, extended: true, nominalOn: '2027-04-29' });
    expect(await extend()).toMatchObject({ status: 409, code: 'EXTENDED_BEFORE' });
    expect(await last('2027-03-02')).toEqual([0, 0]);
    expect(await last('2027-04-22')).toEqual([1, 0]);
    alone.clock.now += DAY_MS;
    await alone.act(id, 'refuse', { reason: 'IDENTITY_NOT_SHOWN' });
    expect(await last('2027-05-30')).toEqual([0, 0]);
    await Promise.all([alone.fake.close(), fresh.stop()]);
  });
});
