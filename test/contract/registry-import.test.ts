import { beforeEach, describe, expect, it } from 'vitest';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { mortality } from '../support/killable.ts';
import { importUsRegistry, REGISTRY } from '../support/scrub-world.ts';
import {
  clients,
  e164,
  factsOf,
  forget,
  listedInTable,
  mortal,
  registryEntries,
} from './registry-fixture.ts';

const DAY_MS = 86_400_000;
const FIRST_AT = Date.UTC(2026, 10, 13);
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 22);

// Several area codes, blocks that stay, change, come and go.
const OLD = ['212,5550100', '212,5550101', '212,5560100', '305,5550100', '907,5550100'];
const NEW = ['212,5550101', '212,5550102', '212,5560100', '305,5550100', '818,5550100'];
const OTHER = ['212,5550100', '212,5560100', '305,5550199', '907,5550100', '907,5550101'];

beforeEach(forget);

describe('importRegistry', () => {
  it('puts a list into use for checks and for scrubs, and records which version it is', async () => {
    const { version, changedBlocks, duplicates } = await importUsRegistry(clients, [...OLD, '212,5550100'], {
      versionAt: FIRST_AT,
    });
    expect({ changedBlocks, duplicates }).toEqual({ changedBlocks: 4, duplicates: 1 });
    expect(version).toMatchObject({ numbers: 5, subscriptionId: 'san-1', versionAt: FIRST_AT });
    expect(version.snapshotKey).toBe(
      `registries/us-national/2026-11-13-${version.snapshotSha256.slice(0, 12)}.snapshot`,
    );
    const { registries } = await factsOf([...OLD, '212,5550102', '818,5550100']);
    expect(registries.map((fact) => fact?.listed)).toEqual([true, true, true, true, true, false, false]);
    expect(registries[0]).toMatchObject({ versionAt: FIRST_AT, areaCodes: 'ALL' });

    const snapshots = new S3RegistrySnapshots(clients.s3, REGISTRY);
    const current = await snapshots.current('us-national');
    expect(current).toEqual(version);
    if (current === undefined) throw new Error('unreachable');
    const membership = await snapshots.open(current);
    const asked = [...OLD.map(e164), '+12125550102', '+442079460000'];
    expect(await membership.listed(asked)).toEqual([true, true, true, true, true, false, false]);
    expect(await registryEntries()).toMatchObject([{ ...version }]);
  });

  it('takes numbers out that left the registry, and writes only blocks that differ', async () => {
    await importUsRegistry(clients, OLD, { versionAt: FIRST_AT });
    const { changedBlocks } = await importUsRegistry(clients, NEW, { versionAt: FIRST_AT + 7 * DAY_MS });
    expect(changedBlocks).toBe(3);
    expect(await listedInTable()).toEqual(NEW.map(e164).toSorted());
    const { registries } = await factsOf(['907,5550100']);
    expect(registries[0]).toMatchObject({ listed: false, versionAt: FIRST_AT + 7 * DAY_MS });
  });

  it('writes no block when the same list comes again', async () => {
    await importUsRegistry(clients, OLD, { versionAt: FIRST_AT });
    const { changedBlocks } = await importUsRegistry(clients, OLD, { versionAt: FIRST_AT + DAY_MS });
    expect(changedBlocks).toBe(0);
    const { registries } = await factsOf(['212,5550100']);
    expect(registries[0]).toMatchObject({ listed: true, versionAt: FIRST_AT + DAY_MS });
  });

  it('refuses a list that looks cut off, unless told to take it', async () => {
    const long = Array.from({ length: 10_000 }, (_, ending) => `212,555${String(ending).padStart(4, '0')}`);
    await importUsRegistry(clients, long, { versionAt: FIRST_AT });
    const half = long.slice(0, 5000);
    const cut = importUsRegistry(clients, half, { versionAt: FIRST_AT + DAY_MS });
    await expect(cut).rejects.toMatchObject({ code: 'CUT_OFF' });
    const accepted = { versionAt: FIRST_AT + DAY_MS, acceptDifferent: true };
    expect(await importUsRegistry(clients, half, accepted)).toMatchObject({ version: { numbers: 5000 } });
  });

  it('refuses a version dated in the future, which would stay fresh too long', async () => {
    const future = importUsRegistry(clients, OLD, { versionAt: Date.now() + 3 * DAY_MS });
    await expect(future).rejects.toMatchObject({ code: 'FUTURE_VERSION' });
  });

  it('refuses a version older than the one in use', async () => {
    await importUsRegistry(clients, NEW, { versionAt: FIRST_AT });
    const older = importUsRegistry(clients, OLD, { versionAt: FIRST_AT - DAY_MS });
    await expect(older).rejects.toMatchObject({ code: 'OLDER_VERSION' });
    expect(await listedInTable()).toEqual(NEW.map(e164).toSorted());
  });

  it.each([
    { what: 'an empty list', lines: [], areaCodes: 'ALL' as const, code: 'EMPTY_REGISTRY' },
    {
      what: 'a cut line',
      lines: ['212,5550100', '212,55'],
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
    },
    { what: 'an area code that was not asked for', lines: OLD, areaCodes: ['212'], code: 'WRONG_AREA_CODE' },
  ])('changes nothing for $what', async ({ lines, areaCodes, code }) => {
    await importUsRegistry(clients, OLD, { versionAt: FIRST_AT });
    const refused = importUsRegistry(clients, lines, { versionAt: FIRST_AT + DAY_MS, areaCodes });
    await expect(refused).rejects.toMatchObject({ code });
    expect(await listedInTable()).toEqual(OLD.map(e164).toSorted());
    expect((await factsOf(['212,5550100'])).registries[0]).toMatchObject({ versionAt: FIRST_AT });
  });

  it('keeps a second import out while one is at work', async () => {
    await importUsRegistry(clients, OLD, { versionAt: FIRST_AT, now: NOW });
    const life = mortality();
    life.killAt(await callsOfAnImport('BatchWriteItemCommand'), 'BEFORE');
    const when = { versionAt: FIRST_AT + DAY_MS, now: NOW };
    await expect(importUsRegistry(mortal(life), NEW, when)).rejects.toThrow('killed');
    await expect(importUsRegistry(clients, OTHER, when)).rejects.toMatchObject({ code: 'IMPORT_RUNNING' });
    await importUsRegistry(clients, NEW, when);
    expect(await listedInTable()).toEqual(NEW.map(e164).toSorted());
  });
});

describe('an import that is killed at any call', () => {
  it('leaves every number blocked that both lists have, and whichever list comes next is exactly in use', async () => {
    const total = await callsOfAnImport();
    const both = OLD.filter((line) => NEW.includes(line)).map(e164);
    for (let call = 1; call <= total; call += 1) {
      for (const [when, next] of [
        ['BEFORE', NEW],
        ['AFTER', OTHER],
        ['AFTER', NEW],
        ['BEFORE', OTHER],
      ] as const) {
        await forget();
        await importUsRegistry(clients, OLD, { versionAt: FIRST_AT, now: NOW });
        const life = mortality();
        life.killAt(call, when);
        const at = { versionAt: FIRST_AT + DAY_MS, now: NOW };
        await importUsRegistry(mortal(life), NEW, at).catch(() => undefined);
        const meanwhile = await listedInTable();
        for (const number of both) expect(meanwhile).toContain(number);
        await importUsRegistry(clients, next, { versionAt: FIRST_AT + DAY_MS, now: NOW + HOUR_MS });
        expect(await listedInTable()).toEqual(next.map(e164).toSorted());
        expect((await factsOf(next)).registries[0]).toMatchObject({
          listed: true,
          versionAt: FIRST_AT + DAY_MS,
        });
      }
    }
  });

  it('when it is the first one, is completed by beginning again', async () => {
    const counting = mortality();
    await importUsRegistry(mortal(counting), OLD, { versionAt: FIRST_AT, now: NOW });
    await forget();
    const life = mortality();
    life.killAt(counting.calls.indexOf('BatchWriteItemCommand') + 1, 'AFTER');
    await importUsRegistry(mortal(life), OLD, { versionAt: FIRST_AT, now: NOW }).catch(() => undefined);
    expect((await factsOf(['212,5550100'])).registries).toEqual([undefined]);
    await importUsRegistry(clients, OLD, { versionAt: FIRST_AT, now: NOW });
    expect(await listedInTable()).toEqual(OLD.map(e164).toSorted());
    expect(await registryEntries()).toHaveLength(1);
  });
});

/** How many calls an import makes that follows another; or the number of the first one of a name. */
async function callsOfAnImport(named?: string): Promise<number> {
  const life = mortality();
  await forget();
  await importUsRegistry(clients, OLD, { versionAt: FIRST_AT, now: NOW });
  await importUsRegistry(mortal(life), NEW, { versionAt: FIRST_AT + DAY_MS, now: NOW });
  const calls = named === undefined ? life.calls.length : life.calls.indexOf(named) + 1;
  await forget();
  await importUsRegistry(clients, OLD, { versionAt: FIRST_AT, now: NOW });
  return calls;
}
