// The worked example of https://help.mypurecloud.com/articles/genesys-cloud-and-gdpr-compliance/, from the API to the platform.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import type { FakeWorld } from '../support/genesys-cloud/gdpr-platform.ts';
import { filesUnder } from '../system/disk.ts';
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
const EMAIL = { kind: 'EMAIL', value: 'Ana.Perez@Example.com' };
const [name, email] = [NAME.value, 'ana.perez@example.com'];
/** Two contacts of one merge set, found by one identifier each; a contact of a list; a namesake; a current employee. */
const PEOPLE: Pick<FakeWorld, 'records' | 'mergeSets' | 'ends'> = {
  records: [
    { subject: { name, externalContactId: 'ec-1' }, terms: { NAME: name } },
    { subject: { name, externalContactId: 'ec-2' }, terms: { EMAIL: email } },
    {
      subject: { name, dialerContactId: { id: 'dc-1', contactListId: 'list-1' } },
      terms: { NAME: name, EMAIL: email },
    },
    { subject: { name, externalContactId: 'ec-9' }, terms: { NAME: name } },
    { subject: { name, userId: 'user-1' }, terms: { NAME: name, EMAIL: email } },
  ],
  mergeSets: { 'ec-0': ['ec-0', 'ec-1', 'ec-2'] },
  ends: { 'ec-2': 'ERROR_ONCE' },
};

let db: TestDynamoDb;
let s3: Fixture;
let world: RequestWorld;
beforeAll(async () => {
  [db, s3] = await Promise.all([startDynalite(), startLocalS3()]);
  await createPrivacyBucket(s3.client());
});
afterAll(() => Promise.all([db.stop(), s3.close()]));
afterEach(async () => {
  expect(world.fake.violations).toEqual([]);
  await world.fake.close();
});

const begin = async (people: Partial<typeof PEOPLE> & Partial<FakeWorld> = {}) => {
  world = await createRequestWorld({ db, s3: s3.client() }, { ...PEOPLE, ...people });
};

describe.each(['ANSWER', 'NOWHERE'] as const)(
  'the worked example, related requests told in: %s',
  (related) => {
    it('is done for every subject, fails in one related request, and is completed when it is tried again', async () => {
      await begin({ related });
      const id = await awaitingReview(world, 'ERASURE', [NAME, EMAIL]);
      const gets = world.calls('GET').filter(({ path }) => path === '/api/v2/gdpr/subjects');
      expect(gets.map(({ query }) => Object.fromEntries(query))).toEqual([
        { searchType: 'NAME', searchValue: name },
        { searchType: 'EMAIL', searchValue: email },
      ]);
      const review = shown(await world.show(id));
      expect(review.state).toBe('AWAITING_REVIEW');
      expect(review.subjects).toMatchObject([
        { key: 'subject-1', verdict: 'MATCHED', target: { externalContactId: 'ec-0' }, mayBeApproved: true },
        {
          key: 'subject-2',
          verdict: 'MATCHED',
          target: { dialerContactId: { id: 'dc-1' } },
          mayBeApproved: true,
        },
        {
          key: 'subject-3',
          verdict: 'NAME_ONLY',
          target: { externalContactId: 'ec-9' },
          mayBeApproved: false,
        },
        { key: 'subject-4', verdict: 'EMPLOYEE', target: { userId: 'user-1' }, mayBeApproved: false },
      ]);
      await expectRefused(id, ['subject-1', 'subject-4'], 'SUBJECT_NOT_CONFIRMABLE');
      expect(world.calls('POST')).toEqual([]);

      expect(await world.act(id, 'approve', { subjects: ['subject-1', 'subject-2'] })).toMatchObject({
        status: 200,
      });
      await world.run(10);
      const posts = world.calls('POST');
      expect(posts.map(({ path, query }) => `${path}?${query}`)).toEqual(
        Array(2).fill('/api/v2/gdpr/requests?deleteConfirmed=true'),
      );
      expect(posts.map(({ body }) => body)).toEqual([
        { requestType: 'GDPR_DELETE', subject: { externalContactId: 'ec-0' } },
        {
          requestType: 'GDPR_DELETE',
          subject: { dialerContactId: { id: 'dc-1', contactListId: 'list-1' } },
        },
      ]);
      const partial = shown(await world.show(id));
      expect([partial.state, stepsOf(partial)]).toEqual([
        'PARTIAL',
        ['dialguard:1 DONE', 'genesys:subject-1 FAILED GENESYS_ERROR', 'genesys:subject-2 DONE'],
      ]);
      expect([...world.platform.deleted].toSorted()).toEqual(['dc-1', 'ec-0', 'ec-1']);

      expect(await world.act(id, 'retry', {})).toMatchObject({ status: 200, state: 'RUNNING' });
      await world.run(10);
      const done = await world.show(id);
      expect(done).toMatchObject({ state: 'COMPLETED', dataDestroyed: true, identifiers: [], subjects: [] });
      expect(
        world
          .calls('POST')
          .slice(2)
          .map(({ body }) => body),
      ).toEqual([posts[0]?.body]);
      expect([...world.platform.deleted].toSorted()).toEqual(['dc-1', 'ec-0', 'ec-1', 'ec-2']);
    });

    it('retries only when all have ended', async () => {
      await begin({ related });
      const id = await awaitingReview(world, 'ERASURE', [NAME, EMAIL]);
      await world.act(id, 'approve', { subjects: ['subject-1'] });
      // Submitted, and one of its related requests has failed long before the last has ended.
      for (let minute = 0; minute < 14 && shown(await world.show(id)).state !== 'PARTIAL'; minute += 1) {
        await expectRefused(id, undefined, 'WRONG_STATE');
        await world.run();
      }
      const own = world.platform.requests.filter(({ subject }) =>
        /^ec-[012]$/.test(subject.externalContactId ?? ''),
      );
      expect(own.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'ERROR']);
    });
  },
);

const stepsOf = ({ steps }: ReturnType<typeof shown>) =>
  steps.map(({ id, state, cause }) => [id, state, ...(cause === undefined ? [] : [cause])].join(' '));

/** An approval that is refused, or a retry. */
async function expectRefused(
  id: string,
  subjects: readonly string[] | undefined,
  code: string,
): Promise<void> {
  const told =
    subjects === undefined ? await world.act(id, 'retry', {}) : await world.act(id, 'approve', { subjects });
  expect(told).toMatchObject({ status: 409, accepted: false, code });
}

describe('a current employee', () => {
  it('is refused the erasure with the reason, and nothing is kept of the request', async () => {
    await begin({ records: PEOPLE.records.slice(4) });
    const id = await awaitingReview(world, 'ERASURE', [NAME, EMAIL]);
    expect(await world.act(id, 'refuse', { reason: 'CURRENT_EMPLOYEE' })).toMatchObject({
      status: 200,
      state: 'REFUSED',
      refusedFor: 'CURRENT_EMPLOYEE',
    });
    await world.run(3);
    expect(await world.show(id)).toMatchObject({ state: 'REFUSED', dataDestroyed: true, subjects: [] });
    expect(world.calls('POST')).toEqual([]);
  });

  it('is told what is held, as anybody', async () => {
    await begin({ records: PEOPLE.records.slice(4) });
    const id = await awaitingReview(world, 'ACCESS', [NAME, EMAIL]);
    expect(await world.act(id, 'approve', { subjects: ['subject-1'] })).toMatchObject({ status: 200 });
    await world.run(10);
    expect(await world.show(id)).toMatchObject({ state: 'COMPLETED' });
  });
});

describe('an access request', () => {
  it.each([1, 3])(
    'keeps every result, %i for each contact, where nobody reads it without the key',
    async (resultFiles) => {
      await begin({ resultFiles, ends: {} });
      const id = await awaitingReview(world, 'ACCESS', [NAME, EMAIL]);
      await world.act(id, 'approve', { subjects: ['subject-1'] });
      await world.run(10);
      const told = await world.show(id);
      const names = Array.from({ length: 3 * resultFiles }, (_, file) => `genesys-subject-1-${file + 1}`);
      expect(told).toMatchObject({ state: 'COMPLETED', dataDestroyed: false });
      expect(told['results']).toEqual(expect.arrayContaining(['dialguard-1.json', ...names]));
      const found = await Promise.all(names.map((file) => world.result(id, file)));
      expect(new Set(found).size).toBe(names.length);
      expect(found.join()).toContain('ec-2');
      expect(JSON.parse(await world.result(id, 'dialguard-1.json'))).toMatchObject({
        contactPoint: `mailto:${email}`,
      });
      const objects = filesUnder(s3.folder);
      expect(objects.size).toBeGreaterThan(names.length);
      expect(leaksIn(objects, [email])).toEqual([]);
      expect([...objects.values()].join()).not.toContain('ec-2');
      const results = world.fake.calls.filter(({ path }) => path.startsWith('/results/'));
      expect(results.map(({ token }) => token)).toEqual(results.map(() => undefined));
      expect(results).toHaveLength(names.length);
    },
  );
});
