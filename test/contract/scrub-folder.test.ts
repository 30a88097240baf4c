import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scrubFolder } from '../../lib/adapters/file-system/scrub-folder.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrub-folder-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => Buffer.from(text);
const out = () => join(folder, 'out');

describe('scrubFolder', () => {
  it('shows a file under its name only once it is published, whole', async () => {
    const outbox = await scrubFolder(out());
    const file = outbox.open('approved.csv');
    await file.write(bytes('Phone\n'));
    await file.write(bytes('2125550100\n'));
    expect(await readdir(out())).not.toContain('approved.csv');
    expect(await file.seal()).toEqual({ sizeBytes: 17, sha256: sha256Hex('Phone\n2125550100\n') });
    expect(await readdir(out())).not.toContain('approved.csv');
    await file.publish();
    expect(await readFile(join(out(), 'approved.csv'), 'utf8')).toBe('Phone\n2125550100\n');
  });

  it.each([
    { what: 'before anything was written', steps: [] },
    { what: 'while it is written', steps: ['write'] },
    { what: 'after it was sealed', steps: ['write', 'seal'] },
  ])('leaves nothing of a file that is aborted $what', async ({ steps }) => {
    const file = (await scrubFolder(out())).open('approved.csv');
    if (steps.includes('write')) await file.write(bytes('Phone\n'));
    if (steps.includes('seal')) await file.seal();
    await file.abort();
    expect(await readdir(out())).toEqual([]);
  });

  it('writes a manifest once', async () => {
    const outbox = await scrubFolder(out());
    expect(await outbox.manifest()).toBeUndefined();
    expect(await outbox.putManifest('one')).toBe('WRITTEN');
    expect(await outbox.putManifest('two')).toBe('EXISTS');
    expect(await outbox.manifest()).toBe('one');
    await outbox.put('report.json', 'old');
    await outbox.put('report.json', 'new');
    expect((await readdir(out())).toSorted()).toEqual(['manifest.json', 'report.json']);
  });
});
