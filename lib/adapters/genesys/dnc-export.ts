import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { refusalIn } from '../http/platform-api.ts';
import type { GenesysApi } from './cloud-api.ts';
import { fetchSigned, signedUrl } from './signed-url.ts';

type ExportDeps = {
  readonly api: GenesysApi;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
};

const POLL_MS = 5000;
/** Ten minutes. */
const MOST_POLLS = 120;
const DOWNLOAD_MS = 600_000;
/** Far above a million rows. */
const LARGEST_FILE = 512_000_000;

const ExportUri = z.object({ uri: z.url(), exportTimestamp: z.string().optional() });
type ExportUri = z.infer<typeof ExportUri>;

const NUMBER = /^\+?\d{7,15}$/;
const DATE = /^\d{4}-\d{2}-\d{2}T/;

/**
 * Every entry of a list, as Genesys Cloud writes it, without those that have expired. Memory: one line.
 *
 * @throws ComplianceError GENESYS_EXPORT_INCOMPLETE where not all of them came.
 */
export async function* dncExport(deps: ExportDeps, id: string): AsyncGenerator<string> {
  const uri = await freshExport(deps, id);
  let line = 0;
  for await (const row of linesOf(await signedUrl(deps.api, uri))) {
    line += 1;
    const cells = row.split(',').map((cell) => cell.replace(/^"|"$/g, '').trim());
    const entries = cells.filter((cell) => NUMBER.test(cell) || cell.includes('@'));
    // The names of the columns are published nowhere; the first line has only those.
    if (entries.length === 0 && line > 1) throw incomplete('a line without an entry');
    const isOver = cells.some((cell) => DATE.test(cell) && Date.parse(cell) <= deps.now());
    if (!isOver) yield* entries;
  }
}

/** The one that was there before ours is an earlier one, however new it may be. */
async function freshExport({ api, wait }: ExportDeps, id: string): Promise<string> {
  const path = `/api/v2/outbound/dnclists/${id}/export`;
  const before = await exportAt(api, path);
  await api.send({ method: 'POST', path }, z.unknown());
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const found = await exportAt(api, path);
    const isNew = found?.uri !== before?.uri || found?.exportTimestamp !== before?.exportTimestamp;
    if (found !== undefined && isNew) return found.uri;
    await wait(POLL_MS);
  }
  throw incomplete('no export in ten minutes');
}

/** Undefined where there is none yet: 400 came in practice, 404 is documented (no.available.list.export.uri). */
async function exportAt(api: GenesysApi, path: string): Promise<ExportUri | undefined> {
  try {
    return await api.send({ method: 'GET', path }, ExportUri);
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.status === 400 || refusal?.code === 'no.available.list.export.uri') return undefined;
    throw error;
  }
}

async function* linesOf(url: string): AsyncGenerator<string> {
  const response = await fetchSigned(url, DOWNLOAD_MS);
  if (response?.ok !== true || response.body === null) throw incomplete(`${response?.status ?? 'no answer'}`);
  let size = 0;
  let rest = '';
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      size += text.length;
      if (size > LARGEST_FILE) throw incomplete('a larger file');
      const lines = `${rest}${text}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line !== '');
    }
  } catch (error) {
    throw error instanceof ComplianceError ? error : incomplete('half a file');
  }
  if (rest !== '') yield rest;
}

function incomplete(got: string): ComplianceError {
  return new ComplianceError({
    code: 'GENESYS_EXPORT_INCOMPLETE',
    message: `expected every entry of a do-not-contact list, got ${got}`,
  });
}
