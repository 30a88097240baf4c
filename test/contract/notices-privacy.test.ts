import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { leaks } from '../support/canary.ts';
import { textsIn } from '../support/notice-world.ts';
import { db, hostNotices, list, people, person, worldOf } from './notice-fixture.ts';

hostNotices();

describe('B4, B15: nobody is named', () => {
  it('in items, keys, logs, metrics, entries, reports, errors and addresses of calls', async () => {
    const world = await worldOf({ templates: textsIn('en', 'es'), channels: { agentlessBelow: 0 } });
    const [a, b, c] = [person(), person(), person()];
    const rows = [
      `r-1,${a.phone},${a.email},es,US,`,
      `r-2,${b.phone},,,US,`,
      `${c.phone},${c.phone},${c.email},,US,`,
    ];
    const { id } = await world.release(list(...rows));
    world.fake.fail(
      { kind: 'STATUS', status: 400, path: /contacts$/ },
      { kind: 'STATUS', status: 503, path: /bulk/ },
    );
    await world.run(4);
    const clear = [a, b, c].flatMap(({ phone, email }) => [phone, email]);
    const { Items = [] } = await db.client.send(new ScanCommand({ TableName: world.table }));
    const stored = Items.map((item) => JSON.stringify(item));
    const sealed = Items.flatMap((item) => Buffer.from(item['sealed']?.B ?? []).toString('latin1'));
    const reports = [await world.report(id, 'letters.csv'), await world.report(id, 'attention.csv')];
    const urls = world.fake.calls.map(({ path, query }) => `${path}?${query}`);
    const contactPoints = (await people.items()).map((item) => JSON.stringify(item));
    const sinks = [...stored, ...sealed, ...reports, ...urls, ...contactPoints, ...world.recorded.lines];
    const told = JSON.stringify(world.entries);
    expect(leaks([...sinks, told].join('\n'), clear)).toEqual([]);
    // The platform must be told, and its body alone holds it.
    expect(leaks(JSON.stringify(world.fake.calls.map(({ body }) => body)), [a.email])).not.toEqual([]);
    expect(told).toContain('"kind":"notice"');
    expect(stored.length).toBeGreaterThan(5);
  });
});
