import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { tokenOf } from '../../lib/domain/contact-point/token.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { changeByFact } from '../../lib/domain/state/record-fact.ts';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import {
  createListBucket,
  createNoticeWorld,
  type NoticeWorld,
  type NoticeWorldOptions,
} from '../support/notice-world.ts';
import { PEPPER } from '../support/numbers.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

export const HEADER = 'recipientId,phone,email,preferredLanguage,country,channelPreference';
export let db: TestDynamoDb;
export let s3: Fixture;
export let people: CheckConsentWorld;
const worlds: NoticeWorld[] = [];

/** Starts the stores before the file's tests; each test has people of its own, of whom nothing is known. */
export function hostNotices(): void {
  beforeAll(async () => {
    db = await startDynalite();
    s3 = await startLocalS3();
    await createListBucket(s3.client());
  });
  beforeEach(() => {
    people = new CheckConsentWorld(db);
  });
  afterAll(async () => {
    for (const { fake } of worlds) await fake.close();
    await db.stop();
    await s3.close();
  });
}

export async function worldOf(options: Partial<NoticeWorldOptions> = {}): Promise<NoticeWorld> {
  const clock = { now: people.now };
  const check = people.handler({ now: () => clock.now });
  const world = await createNoticeWorld({ db, s3: () => s3.client() }, clock, { check, ...options });
  worlds.push(world);
  return world;
}

export const list = (...rows: readonly string[]) => `${[HEADER, ...rows].join('\n')}\n`;

let someone = 0;
/** A number and an address that no other test has. */
export function person() {
  someone += 1;
  const digits = String(someone).padStart(2, '0');
  return { phone: `+1${312 + Math.floor(someone / 100)}55501${digits}`, email: `p${digits}@example.com` };
}

export async function tellByEmail(email: string, ...facts: readonly Fact[]): Promise<void> {
  const address = parseEmailAddress(email);
  if (address.kind === 'unreadable') throw new Error('expected an address');
  for (const [at, fact] of facts.entries()) {
    const entryId = `01890000-0000-7000-8000-${String(someone * 10 + at).padStart(12, '0')}`;
    await people.contactPoints.change(tokenOf(PEPPER, address), (from) =>
      changeByFact(from, fact, { entryId, now: people.now }),
    );
  }
}

/** `DELIVERED: EMAIL SUPPRESSED, SMS DELIVERED`, by recipient. */
export async function standing(world: NoticeWorld, id: string): Promise<Record<string, string>> {
  const all = await world.notices(id);
  return Object.fromEntries(
    all.map(({ recipientId, state, channels }) => [
      recipientId,
      `${state}: ${channels.map((each) => `${each.channel} ${each.cause ?? each.state}`).join(', ')}`,
    ]),
  );
}

/** What one recipient's notice comes to. */
export async function outcomeOf(
  { phone = '', email = '' }: { phone?: string; email?: string },
  { more = ',US,', ...options }: Partial<NoticeWorldOptions> & { more?: string } = {},
): Promise<string | undefined> {
  const world = await worldOf(options);
  const { id } = await world.release(list(`r-1,${phone},${email},${more}`));
  await world.run(3);
  expect(world.fake.violations).toEqual([]);
  return (await standing(world, id))['r-1'];
}

/** A check that lets everything through. */
export const ALLOW = { decision: 'ALLOW', decisionId: 'd-1', reason: 'PERMITTED', nextAllowedAt: '' };
