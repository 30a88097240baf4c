import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../../lib/local/journal.ts';
import { type Entry, openQueueStore } from '../../../lib/local/sqs/queue-store.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-'));
  path = join(folder, 'inner', 'records.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function append(record: object): void {
  const journal = openJournal(path, () => {});
  journal.append(record);
  journal.close();
}

function read(): unknown[] {
  const records: unknown[] = [];
  openJournal(path, (record) => void records.push(record)).close();
  return records;
}

describe('a journal', () => {
  test('replays what was appended, in order, and only its owner may read it', () => {
    const journal = openJournal(path, () => {});
    journal.append({ n: 1, text: 'line\nbreak' });
    journal.append({ n: 2 });
    expect(journal.lines).toBe(2);
    journal.close();
    expect(read()).toEqual([{ n: 1, text: 'line\nbreak' }, { n: 2 }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('goes on after a line that was never finished', () => {
    append({ n: 1 });
    appendFileSync(path, '{"n":2');
    append({ n: 3 });
    expect(read()).toEqual([{ n: 1 }, { n: 3 }]);
  });

  test('refuses a damaged line and leaves the file as it is', () => {
    append({ n: 1 });
    const damaged = `{"n":\n${readFileSync(path, 'utf8')}`;
    writeFileSync(path, damaged);
    expect(read).toThrow(/^Line 1 of .* is no JSON/);
    expect(readFileSync(path, 'utf8')).toBe(damaged);
  });

  test('holds what it was rewritten to, and what came after', () => {
    const journal = openJournal(path, () => {});
    for (const n of [1, 2, 3]) journal.append({ n });
    journal.rewrite([{ n: 3 }]);
    journal.append({ n: 4 });
    expect(journal.lines).toBe(2);
    journal.close();
    expect(read()).toEqual([{ n: 3 }, { n: 4 }]);
  });
});

describe('a journal that is open', () => {
  test('is refused to others of this process, until it is closed', () => {
    const journal = openJournal(path, () => {});
    expect(() => openJournal(path, () => {})).toThrow(/in use by process/);
    journal.close();
    expect(read()).toEqual([]);
  });

  test.each([
    ['is refused while the process that has it lives', process.ppid, true],
    // Above the highest process id of any system.
    ['is taken over from a process that is gone', 2 ** 30, false],
    ['is taken over from a process that had our id before', process.pid, false],
  ])('%s', (_name, owner, refused) => {
    append({ n: 1 });
    writeFileSync(`${path}.lock`, String(owner));
    if (refused) expect(read).toThrow(`in use by process ${owner}`);
    else expect(read()).toEqual([{ n: 1 }]);
  });
});

describe('the store of the queues', () => {
  const sent = (id: string, sequence: string): Entry => ({
    kind: 'sent',
    queue: 'q.fifo',
    dedupKey: `key-${id}`,
    message: { id, body: 'x', attributes: {}, sentAt: 1, visibleAt: 1, receives: 0, groupId: 'g', sequence },
  });

  test('forgets the past of its journal, never what is alive', () => {
    const store = openQueueStore(path);
    store.commit(sent('kept', store.nextSequence()));
    let longest = 0;
    for (let n = 0; n < 11_000; n += 1) {
      const id = `m${n}`;
      store.commit(sent(id, store.nextSequence()));
      store.commit({ kind: 'deleted', queue: 'q.fifo', id });
      store.state('q.fifo').deduplications.delete(`key-${id}`);
      if (n % 1000 === 0) longest = Math.max(longest, statSync(path).size);
    }
    store.commit({
      kind: 'seen',
      queue: 'q.fifo',
      id: 'kept',
      receipt: { visibleAt: 9, receives: 2, firstReceivedAt: 5, nonce: 'n' },
    });
    store.close();
    expect(statSync(path).size).toBeLessThan(longest);
    const again = openQueueStore(path);
    const { messages, deduplications } = again.state('q.fifo');
    expect([...messages.values()]).toMatchObject([{ id: 'kept', receives: 2, visibleAt: 9, nonce: 'n' }]);
    expect(deduplications.get('key-kept')).toMatchObject({ id: 'kept', at: 1 });
    expect(Number(again.nextSequence())).toBe(11_002);
    again.close();
  });

  test('moves a message from one queue to another in one line', () => {
    const store = openQueueStore(path);
    store.commit(sent('m', '1'));
    const before = readFileSync(path, 'utf8').split('\n').length;
    const message = { id: 'm', body: 'moved', attributes: {}, sentAt: 1, visibleAt: 1, receives: 0 };
    store.commit({ kind: 'moved', queue: 'q.fifo', id: 'm', to: 'dead.fifo', message });
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(before + 1);
    store.close();
    const again = openQueueStore(path);
    expect(again.state('q.fifo').messages.size).toBe(0);
    expect([...again.state('dead.fifo').messages.values()]).toMatchObject([{ id: 'm', body: 'moved' }]);
    again.close();
  });
});
