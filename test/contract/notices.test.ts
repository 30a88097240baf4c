import { describe, expect, it } from 'vitest';
import { hold, suppression } from '../support/facts.ts';
import { textsIn } from '../support/notice-world.ts';
import {
  hostNotices,
  list,
  outcomeOf,
  people,
  person,
  standing,
  tellByEmail,
  worldOf,
} from './notice-fixture.ts';

hostNotices();

describe('B1, B9, B10: the channel of a notice', () => {
  it("is the recipient's own choice, then the deployment's", async () => {
    expect(await outcomeOf(person())).toBe('DELIVERED: EMAIL DELIVERED, SMS OPEN');
    expect(await outcomeOf(person(), { more: ',US,sms' })).toBe('DELIVERED: SMS DELIVERED, EMAIL OPEN');
    expect(await outcomeOf(person(), { more: ',US,voice;sms' })).toBe('DELIVERED: SMS DELIVERED, EMAIL OPEN');
    const channels = { order: ['VOICE', 'EMAIL', 'SMS'] as const };
    expect(await outcomeOf(person(), { channels: { order: [...channels.order] } })).toBe(
      'DELIVERED: VOICE DELIVERED, EMAIL OPEN, SMS OPEN',
    );
  });

  it('BB1: is not ended by a marketing opt-out', async () => {
    const { phone } = person();
    await people.tell(
      phone,
      suppression({ channel: 'ALL', asked: { channel: 'ALL', seller: '*', purpose: 'MARKETING' } }),
    );
    expect(await outcomeOf({ phone })).toBe('DELIVERED: SMS DELIVERED');
  });

  it('BB2, BB4, BB10: changes where everything was refused on one, and is a letter where none is left', async () => {
    const both = person();
    await tellByEmail(both.email, suppression({ channel: 'EMAIL' }));
    expect(await outcomeOf(both)).toBe('DELIVERED: EMAIL SUPPRESSED, SMS DELIVERED');
    await people.tell(both.phone, suppression({ channel: 'ALL' }));
    expect(await outcomeOf(both)).toBe('FALLBACK_LETTER: EMAIL SUPPRESSED, SMS SUPPRESSED');
    expect(await outcomeOf({})).toBe('FALLBACK_LETTER: ');
  });

  it('BB3: is the next one where the first did not get through', async () => {
    const both = person();
    const platform = { unreachable: new Set([both.email]) };
    expect(await outcomeOf(both, { platform })).toBe('DELIVERED: EMAIL FAILED_AT_DIALLER, SMS DELIVERED');
    const neither = { unreachable: new Set([both.email, both.phone]) };
    expect(await outcomeOf(both, { platform: neither })).toBe(
      'FALLBACK_LETTER: EMAIL FAILED_AT_DIALLER, SMS FAILED_AT_DIALLER',
    );
  });

  it('is none under a litigation hold: Legal is alerted and decides', async () => {
    const both = person();
    await tellByEmail(both.email, hold());
    expect(await outcomeOf(both)).toBe('HELD: EMAIL LITIGATION_HOLD, SMS OPEN');
    expect(people.alerts).toHaveLength(1);
  });

  it("is another region's to use where the recipient belongs there", async () => {
    expect(await outcomeOf({ phone: '+442079460106' })).toBe('WRONG_REGION: SMS WRONG_REGION');
    const abroad = { phone: '+442079460107', email: person().email };
    expect(await outcomeOf(abroad, { more: ',,sms' })).toBe('DELIVERED: SMS WRONG_REGION, EMAIL DELIVERED');
    const european = await outcomeOf(abroad, { more: ',DE,' });
    expect(european).toBe('WRONG_REGION: EMAIL WRONG_REGION, SMS WRONG_REGION');
  });

  it.each([
    [
      'B12: the carrier is not on the list',
      { sms: { sender: '+12125550198', carriers: ['other'] } },
      'CARRIER_NOT_ALLOWED',
    ],
    [
      'B12: nobody knows the carrier',
      { sms: { sender: '+12125550111', carriers: ['genesys-cloud'] } },
      'CARRIER_NOT_ALLOWED',
    ],
    ['there are no settings for it', { sms: undefined }, 'NOT_SET_UP'],
  ])('is never SMS where %s', async (_, channels, cause) => {
    const sms = await outcomeOf(person(), { channels, more: ',US,sms' });
    expect(sms).toBe(`DELIVERED: SMS ${cause}, EMAIL DELIVERED`);
  });

  it('waits for a permitted hour, and for a decision that could not be made', async () => {
    const until = new Date(people.now + 5 * 60_000).toISOString();
    const answers = [
      { decision: 'BLOCK', decisionId: 'd-1', reason: 'UNAVAILABLE', nextAllowedAt: '' },
      { decision: 'BLOCK', decisionId: 'd-2', reason: 'OUTSIDE_CALLING_HOURS', nextAllowedAt: until },
    ];
    const allow = { decision: 'ALLOW', decisionId: 'd-3', reason: 'PERMITTED', nextAllowedAt: '' };
    const world = await worldOf({ check: async () => answers.shift() ?? allow });
    const { id } = await world.release(list(`r-1,${person().phone},,,US,`));
    await world.run(4);
    expect(await standing(world, id)).toEqual({ 'r-1': 'PENDING: SMS OPEN' });
    await world.run(2);
    expect(await standing(world, id)).toEqual({ 'r-1': 'DELIVERED: SMS DELIVERED' });
    expect(world.questions).toHaveLength(3);
  });
});

describe('B13: the text of a notice', () => {
  it("is in the recipient's language, and in the fallback where there is none", async () => {
    const world = await worldOf({ templates: textsIn('en', 'es', 'pt-BR') });
    const rows = ['es', 'pt_br', 'fr;es', 'fr', ''].map((language, at) => {
      const { phone } = person();
      return `r-${at},${phone},,${language},US,`;
    });
    const { id } = await world.release(list(...rows));
    await world.run(2);
    const notices = await world.notices(id);
    expect(notices.map(({ channels }) => channels[0]?.sending?.language)).toEqual([
      'es',
      'pt-BR',
      'es',
      'en',
      'en',
    ]);
    const texts = [...world.platform.contacts.values()].map(({ data }) => data['Message']);
    expect(new Set(texts)).toEqual(
      new Set([
        'es: https://example.com/breach',
        'pt-BR: https://example.com/breach',
        'en: https://example.com/breach',
      ]),
    );
  });

  it('is none without an approved one: the channel is not offered', async () => {
    const templates = { approved: async () => undefined };
    expect(await outcomeOf(person(), { templates })).toBe(
      'FALLBACK_LETTER: EMAIL NO_APPROVED_TEXT, SMS NO_APPROVED_TEXT',
    );
  });
});

describe('B14: a platform in trouble', () => {
  it('is left alone for a while after three failures, and asked again later', async () => {
    const world = await worldOf();
    const { id } = await world.release(list(`r-1,${person().phone},,,US,`));
    world.fake.fail(...Array.from({ length: 15 }, () => ({ kind: 'STATUS', status: 503 }) as const));
    await world.run(3);
    expect((await world.store.dispatch(id))?.circuit.openUntil).toBeGreaterThan(world.clock.now - 60_000);
    expect(world.recorded.values('NoticeFailedCount')).toEqual([1, 1, 1]);
    await world.run(3);
    expect((await world.store.dispatch(id))?.circuit).toEqual({ failures: 0 });
    expect(await standing(world, id)).toEqual({ 'r-1': 'DELIVERED: SMS DELIVERED' });
    expect([...world.platform.sends.values()]).toEqual([1]);
  });

  it('whoever has waited for an hour is told to a person', async () => {
    const world = await worldOf();
    const { id } = await world.release(list(`r-1,${person().phone},,,US,`));
    world.fake.fail(
      ...Array.from({ length: 9 }, () => ({ kind: 'STATUS', status: 403, path: /lists/ }) as const),
    );
    await world.run(2);
    expect(world.recorded.values('NoticeStuckCount')).toEqual([0, 0]);
    world.clock.now += 3_600_000;
    await world.run();
    expect(await standing(world, id)).toEqual({ 'r-1': 'PENDING: SMS OPEN' });
    expect(world.recorded.values('NoticeStuckCount')).toEqual([0, 0, 1]);
    expect(await world.report(id, 'attention.csv')).toContain('"r-1","PENDING for an hour"');
  });

  it('that is not connected: nobody is told, and an alarm rings', async () => {
    const world = await worldOf();
    await world.release(list(`r-1,${person().phone},,,US,`));
    await world.runUnconnected();
    expect(world.recorded.lines.join('')).toContain('DIALLER_NOT_CONNECTED');
    expect(world.recorded.values('NoticeFailedCount')).toEqual([1]);
  });
});
