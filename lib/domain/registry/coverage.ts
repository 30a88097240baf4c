import { ComplianceError } from '../errors.ts';
import type { RegistryFile } from './registry-file.ts';
import { newestDate, type RegistryVersion } from './version.ts';

type AreaCodes = RegistryVersion['areaCodes'];

/** What files are about, and what is covered once they are in use. */
export type Coverage = {
  readonly dates: Pick<RegistryVersion, 'versionAt' | 'areaCodes' | 'areaVersions'>;
  /** Whether the lists of an area code are taken over from the version in use. */
  keeps(areaCode: string | undefined): boolean;
};

export type CoverageRequest = {
  readonly files: readonly RegistryFile[];
  /** What the subscription covers. */
  readonly areaCodes: AreaCodes;
  readonly versionAt: number;
};

/**
 * Works out which lists the files replace. A file that names no area code is the whole registry; files that name one
 * replace theirs, and the others stay, each with its own date.
 *
 * @throws ComplianceError MIXED_FILES, NOT_SUBSCRIBED, NO_VERSION, OLDER_VERSION
 */
export function coverageOf(request: CoverageRequest, current: RegistryVersion | undefined): Coverage {
  const { files, versionAt, areaCodes } = request;
  const named = files.flatMap(({ areaCode }) => (areaCode === undefined ? [] : [areaCode]));
  const kinds = new Set(files.map(({ kind }) => kind));
  const isWhole = named.length === 0 && files.length === 1;
  if (kinds.size !== 1 || !(isWhole || new Set(named).size === files.length)) throw mixedFiles();
  if (areaCodes !== 'ALL' && named.some((areaCode) => !areaCodes.includes(areaCode))) throw notSubscribed();
  const isChange = kinds.has('CHANGES');
  if (isChange && current === undefined) throw noVersion();
  if (current !== undefined) refuseOlder({ named, versionAt, isChange }, current);
  if (isWhole) {
    const covered = isChange ? within(current?.areaCodes ?? 'ALL', areaCodes) : areaCodes;
    const isKept = keptWithin(covered);
    return { dates: { versionAt, areaCodes: covered }, keeps: (code) => isChange && isKept(code) };
  }
  const dates = datesByArea({ named, versionAt, areaCodes }, current);
  const isKept = keptWithin(dates.areaCodes);
  return {
    dates,
    keeps: (code) => isKept(code) && (isChange || code === undefined || !named.includes(code)),
  };
}

type Named = { readonly named: readonly string[]; readonly versionAt: number };

function datesByArea(
  { named, versionAt, areaCodes }: Named & { readonly areaCodes: AreaCodes },
  current: RegistryVersion | undefined,
): Coverage['dates'] {
  const before = current === undefined ? [] : within(current.areaCodes, areaCodes);
  const renewed = named.map((code) => [code, versionAt] as const);
  if (before === 'ALL' && current !== undefined) {
    const areaVersions = { ...current.areaVersions, ...Object.fromEntries(renewed) };
    return { versionAt: current.versionAt, areaCodes: 'ALL', areaVersions };
  }
  const known = (before === 'ALL' ? [] : before).map((code) => [code, dateOf(current, code)] as const);
  const all = new Map([...known, ...renewed]);
  const oldest = Math.min(...all.values());
  const newer = [...all].filter(([, date]) => date !== oldest);
  return {
    versionAt: oldest,
    areaCodes: [...all.keys()].toSorted(),
    ...(newer.length === 0 ? {} : { areaVersions: Object.fromEntries(newer) }),
  };
}

function refuseOlder(
  { named, versionAt, isChange }: Named & { readonly isChange: boolean },
  current: RegistryVersion,
): void {
  const dates = named.length === 0 ? [newestDate(current)] : named.map((code) => dateOf(current, code));
  // The changes of a day are in the list of that day already, and applied twice they would mean something else.
  const isOlder = dates.some((date) => versionAt < date || (isChange && versionAt === date));
  if (!isOlder) return;
  throw new ComplianceError({
    code: 'OLDER_VERSION',
    message: 'expected a version not older than the one in use; nothing was imported',
  });
}

function dateOf(current: RegistryVersion | undefined, areaCode: string): number {
  if (current === undefined) return 0;
  const covers = current.areaCodes === 'ALL' || current.areaCodes.includes(areaCode);
  return covers ? (current.areaVersions?.[areaCode] ?? current.versionAt) : 0;
}

function within(areaCodes: AreaCodes, subscription: AreaCodes): AreaCodes {
  if (subscription === 'ALL') return areaCodes;
  return areaCodes === 'ALL' ? subscription : areaCodes.filter((code) => subscription.includes(code));
}

function keptWithin(areaCodes: AreaCodes): (areaCode: string | undefined) => boolean {
  if (areaCodes === 'ALL') return () => true;
  return (areaCode) => areaCode !== undefined && areaCodes.includes(areaCode);
}

function mixedFiles(): ComplianceError {
  return new ComplianceError({
    code: 'MIXED_FILES',
    message:
      'expected one file, or full lists (or change lists) of different area codes; nothing was imported',
  });
}

function notSubscribed(): ComplianceError {
  return new ComplianceError({
    code: 'NOT_SUBSCRIBED',
    message: 'expected area codes that the subscription covers, got another; nothing was imported',
  });
}

function noVersion(): ComplianceError {
  return new ComplianceError({
    code: 'NO_VERSION',
    message: 'expected a version in use that the changes follow: import a full list first',
  });
}
