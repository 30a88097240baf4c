import { describe, expect, it } from 'vitest';
import { NoticeEntry } from '../../lib/domain/log/notice-entry.ts';
import { NO_NOTICES } from '../../lib/domain/notice/notice.ts';
import { ALLOW, HEADER, hostNotices, list, person, standing, worldOf } from './notice-fixture.ts';

hostNotices();

describe('the list of a breach', () => {
  it('names nobody twice, and nobody is lost', async () => {
    const world = await worldOf();
    const [a, b] = [person(), person()];
    const { id } = await world.release(
      list(
        `r-1,,${a.email},,US,`,
        `r-1,,${a.email},,US,`,
        `r-2,,${a.email.toUpperCase()},,US,`,
        `r-3,${b.phone},${b.email},,US,`,
        `${a.phone},${a.phone},,,US,`,
        'r-5,12,not an address,,US,',
        'r-6,,,,US,',
      ),
    );
    await world.run(3);
    const { 'r-1': first, 'r-2': second, ...others } = await standing(world, id);
    // Whichever of the two came first.
    expect([first, second].toSorted()).toEqual([
      'DELIVERED: EMAIL DELIVERED',
      'FALLBACK_LETTER: EMAIL ADDRESS_SHARED',
    ]);
    expect(others).toEqual({
      'r-3': 'DELIVERED: EMAIL DELIVERED, SMS OPEN',
      'row-0k6': 'UNREADABLE: ',
      'r-5': 'UNREADABLE: ',
      'r-6': 'FALLBACK_LETTER: ',
    });
    expect([...world.platform.sends.values()]).toEqual([1, 1]);
    const shared = first === 'DELIVERED: EMAIL DELIVERED' ? 'r-2' : 'r-1';
    expect(await world.report(id, 'letters.csv')).toBe(
      `"recipientId","cause"\r\n"${shared}","EMAIL ADDRESS_SHARED"\r\n"r-6","NO_ADDRESS"\r\n`,
    );
    expect(await world.report(id, 'attention.csv')).toBe(
      '"recipientId","state","cause"\r\n"r-5","UNREADABLE","UNREADABLE_ADDRESS"\r\n"row-0k6","UNREADABLE","BAD_RECIPIENT_ID"\r\n',
    );
    expect((await world.incidents.read(id))?.state).toBe('NOTIFIED');
    expect(world.recorded.values('NoticeAttentionCount').at(-1)).toBe(2);
    expect((await world.store.dispatch(id))?.counts).toEqual({
      ...NO_NOTICES,
      ...{ DELIVERED: 2, FALLBACK_LETTER: 2, UNREADABLE: 2 },
    });
  });

  it.each([
    ['other bytes than were released', list('r-1,+13125550199,,,US,'), 'f'.repeat(64), 'LIST_CHANGED'],
    ['no list at all', 'recipientId,email\nr-1,a@example.com\n', undefined, 'LIST_REFUSED'],
    ['a row cut short', `${HEADER}\nr-1,+13125550199\n`, undefined, 'LIST_REFUSED'],
  ])('with %s: nobody is told', async (_, csv, sha256, code) => {
    const world = await worldOf();
    const affected = await world.upload('00000000-0000-4000-8000-000000000001', csv);
    await world.release(csv, { affected: { ...affected, ...(sha256 === undefined ? {} : { sha256 }) } });
    await world.run();
    expect(world.recorded.lines.join('')).toContain(code);
    expect(world.recorded.values('NoticeFailedCount')).toEqual([1]);
    expect(world.platform.contacts.size).toBe(0);
  });

  it('that follows tells those alone who were not told', async () => {
    const world = await worldOf();
    const [a, b] = [person(), person()];
    const first = `r-1,${a.phone},,,US,`;
    const incident = await world.release(list(first));
    await world.run(2);
    const notified = await world.incidents.read(incident.id);
    if (notified === undefined) throw new Error('expected the incident');
    const affected = await world.upload(incident.id, list(first, `r-2,${b.phone},,,US,`));
    const { version } = notified;
    await world.incidents.save({
      incident: { ...notified, affected, state: 'NOTIFYING', version: version + 1 },
    });
    await world.run(2);
    expect(await standing(world, incident.id)).toEqual({
      'r-1': 'DELIVERED: SMS DELIVERED',
      'r-2': 'DELIVERED: SMS DELIVERED',
    });
    expect([...world.platform.sends.values()]).toEqual([1, 1]);
  });

  it('is forgotten once the incident is closed', async () => {
    const world = await worldOf();
    const incident = await world.release(list(`r-1,${person().phone},,,US,`));
    await world.run(2);
    const notified = await world.incidents.read(incident.id);
    if (notified === undefined) throw new Error('expected the incident');
    const { version } = notified;
    await world.incidents.save({ incident: { ...notified, state: 'CLOSED', version: version + 1 } });
    await world.run(2);
    for await (const page of world.store.pages(incident.id)) {
      expect(page.map(({ address }) => address)).toEqual([undefined]);
    }
  });
});

describe('B7, BB7: batches', () => {
  it('have 100 contacts each, and one last one with the rest of its text', async () => {
    const world = await worldOf({ check: async () => ALLOW });
    const numbers = Array.from({ length: 30 }, (_, at) => `s-${at},+1312555${1000 + at},,,US,`);
    const { id } = await world.release(
      list(...Array.from({ length: 250 }, (_, at) => `e-${at},,b${at}@example.com,,US,`), ...numbers),
    );
    await world.run(2);
    const lists = [...world.platform.lists.values()].map(({ id: listId, name }) => ({
      name: name.split('-').at(-3),
      sizes: world.platform.posts.filter((post) => post.listId === listId).map(({ size }) => size),
    }));
    expect(lists.toSorted((a, b) => b.sizes.length - a.sizes.length)).toEqual([
      { name: 'EMAIL', sizes: [100, 100, 50] },
      { name: 'SMS', sizes: [30] },
    ]);
    const campaigns = [...world.platform.campaigns.values()];
    expect(campaigns.map(({ campaignStatus }) => campaignStatus)).toEqual(['on', 'on']);
    const told = world.entries.flatMap((entry) => NoticeEntry.safeParse(entry).data ?? []);
    expect(told.map(({ recipients }) => recipients).toSorted((a, b) => a - b)).toEqual([30, 50, 100, 100]);
    expect(new Set(told.flatMap(({ subjects }) => subjects)).size).toBe(280);
    expect(told.every(({ incidentId, dncListsApplied }) => incidentId === id && !dncListsApplied)).toBe(true);
  });

  it('are none where there are few: one message after the other, each marked before', async () => {
    const world = await worldOf({ channels: { agentlessBelow: 50 } });
    const [a, b] = [person(), person()];
    const { id } = await world.release(list(`r-1,${a.phone},,,US,`, `r-2,,${b.email},,US,`));
    await world.run(2);
    expect(await standing(world, id)).toEqual({ 'r-1': 'SENT: SMS SENT', 'r-2': 'SENT: EMAIL SENT' });
    expect(world.platform.singles.map(({ address }) => address).toSorted()).toEqual(
      [a.phone, b.email].toSorted(),
    );
    expect(world.platform.lists.size).toBe(0);
    expect((await world.incidents.read(id))?.state).toBe('NOTIFIED');
  });

  it.each([
    ['carried out', true],
    ['not carried out', false],
  ])('BB11: one message whose answer is lost is never sent again, be it %s', async (_, acted) => {
    const world = await worldOf({ channels: { agentlessBelow: 50 } });
    const { id } = await world.release(list(`r-1,${person().phone},,,US,`));
    world.fake.fail({ kind: 'NO_ANSWER', path: /agentless/, acted });
    await world.run(5);
    expect(await standing(world, id)).toEqual({ 'r-1': 'UNCERTAIN: SMS UNCERTAIN' });
    expect(world.platform.singles).toHaveLength(acted ? 1 : 0);
    expect(world.recorded.values('NoticeUncertainCount').at(-1)).toBe(1);
    expect(await world.report(id, 'attention.csv')).toContain('"r-1","UNCERTAIN"');
  });

  it('BB12: one message that was refused by the limit is tried again', async () => {
    const world = await worldOf({ channels: { agentlessBelow: 50 } });
    const { id } = await world.release(list(`r-1,${person().phone},,,US,`));
    world.fake.fail(
      ...Array.from({ length: 6 }, () => ({ kind: 'STATUS', status: 429, path: /agentless/ }) as const),
    );
    await world.run(2);
    expect(await standing(world, id)).toEqual({ 'r-1': 'SENT: SMS SENT' });
  });
});
