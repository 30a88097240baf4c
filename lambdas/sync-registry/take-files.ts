import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { IncomingFile } from '../../lib/adapters/s3/registry-inbox.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { type NamedFile, readFileName } from '../../lib/domain/registry/file-name.ts';
import {
  type ImportDeps,
  type ImportedRegistry,
  importRegistry,
} from '../../lib/domain/registry/import-registry.ts';
import type { ImportReport } from '../../lib/domain/registry/import-report.ts';
import { type Refusal, refusalIn } from '../../lib/domain/registry/refusals.ts';
import type { RegistrySettings } from './config.ts';

export type Inbox = {
  waiting(registry: string): Promise<readonly IncomingFile[]>;
  /** How many lines whoever put the file there says that it has. */
  lines(file: IncomingFile): Promise<number | undefined>;
  open(file: IncomingFile): AsyncIterable<Uint8Array>;
  report(file: IncomingFile, report: ImportReport): Promise<void>;
};

export type TakeFilesDeps = ImportDeps & {
  readonly inbox: Inbox;
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  readonly telemetry: Telemetry;
};

type Named = IncomingFile & { readonly said: NamedFile };

/**
 * Takes every file that waits for a registry, the oldest version first: each is put into use or refused, and has a
 * report afterwards that says which. Files of one date that are about different area codes are one import.
 *
 * @throws what may go better another time; files without a report are taken then.
 */
export async function takeFiles(registry: string, deps: TakeFilesDeps): Promise<void> {
  const settings = deps.registries[registry];
  for (;;) {
    const waiting = await deps.inbox.waiting(registry);
    const named = waiting.flatMap((file) => {
      const said = readFileName(file.name);
      return said === undefined ? [] : [{ ...file, said }];
    });
    const unnamed = waiting.filter((file) => readFileName(file.name) === undefined);
    for (const file of unnamed) await refuse(file, { reason: 'BAD_NAME', message: BAD_NAME }, deps);
    if (settings === undefined) {
      for (const file of named) await refuse(file, { reason: 'UNKNOWN_REGISTRY', message: UNKNOWN }, deps);
      return;
    }
    const next = nextFiles(named);
    if (next.length === 0) return;
    await take(next, settings, deps);
  }
}

const BAD_NAME =
  'expected a name such as 2026-11-20_818_<id>.txt.zip, which begins with the date of the version; nothing was imported';
const UNKNOWN = 'expected a registry that the settings name; nothing was imported';

/** The files of the next import: the oldest date, full lists before changes, a whole list before those of area codes. */
function nextFiles(files: readonly Named[]): readonly Named[] {
  const rank = ({ said }: Named): string =>
    [said.versionAt, said.kind === 'FULL' ? 0 : 1, said.areaCode === undefined ? 0 : 1].join();
  const [first, ...rest] = files.toSorted(
    (a, b) => a.said.versionAt - b.said.versionAt || (rank(a) < rank(b) ? -1 : 1),
  );
  if (first === undefined) return [];
  if (first.said.areaCode === undefined) return [first];
  const areaCodes = new Set([first.said.areaCode]);
  const others = rest.filter((file) => {
    const { areaCode = '' } = file.said;
    if (rank(file) !== rank(first) || areaCodes.has(areaCode)) return false;
    areaCodes.add(areaCode);
    return true;
  });
  return [first, ...others];
}

/** Imports the files; where they are refused together, each alone, so that a bad one does not hold the others back. */
async function take(files: readonly Named[], settings: RegistrySettings, deps: TakeFilesDeps): Promise<void> {
  try {
    const imported = await importFiles(files, settings, deps);
    for (const file of files) await tell(file, imported, deps);
  } catch (error) {
    const reason = refusalIn(error);
    if (reason === undefined) throw error;
    const [first] = files;
    if (files.length > 1) for (const file of files) await take([file], settings, deps);
    else if (first !== undefined) {
      const message = error instanceof Error ? error.message : '';
      await refuse(first, { reason, message }, deps);
    }
  }
}

async function importFiles(
  files: readonly Named[],
  { areaCodes, subscriptionId, national, xml }: RegistrySettings,
  deps: TakeFilesDeps,
): Promise<ImportedRegistry> {
  const [first] = files;
  if (first === undefined) throw new RangeError('expected a file');
  return importRegistry(
    {
      registry: first.registry,
      versionAt: first.said.versionAt,
      accessedAt: Math.min(...files.map(({ at }) => at)),
      areaCodes,
      subscriptionId,
      form: { national, xml },
      importId: sha256Hex(JSON.stringify(files.map(({ id }) => id).toSorted())).slice(0, 40),
      files: await Promise.all(
        files.map(async (file) => ({
          kind: file.said.kind,
          areaCode: file.said.areaCode,
          lines: await deps.inbox.lines(file),
          open: () => deps.inbox.open(file),
        })),
      ),
    },
    deps,
  );
}

async function tell(
  file: Named,
  imported: ImportedRegistry,
  { inbox, now, telemetry }: TakeFilesDeps,
): Promise<void> {
  const at = new Date(now()).toISOString();
  await inbox.report(file, { outcome: 'IMPORTED', file: file.name, at, ...imported });
  telemetry.metric('RegistryImportedCount', 1);
  telemetry.log('REGISTRY_IMPORTED', { jobId: file.id, count: imported.version.numbers });
}

async function refuse(
  file: IncomingFile,
  why: { readonly reason: Refusal; readonly message: string },
  { inbox, now, telemetry }: TakeFilesDeps,
): Promise<void> {
  await inbox.report(file, {
    outcome: 'REFUSED',
    file: file.name,
    at: new Date(now()).toISOString(),
    ...why,
  });
  telemetry.metric('RegistryRefusedCount', 1);
  telemetry.log('REGISTRY_REFUSED', { jobId: file.id, reason: why.reason });
}
