import { createHash, type Hash } from 'node:crypto';
import type { Residency } from '../contact-point/residency.ts';
import type { Pepper } from '../contact-point/token.ts';
import { MerkleTree } from '../log/merkle.ts';
import type { ContactPoints } from '../ports.ts';
import { ContactReader } from './contact-reader.ts';
import { CsvReader, type CsvRecord } from './csv-reader.ts';
import { FileRejected, type FileRejection } from './defect.ts';
import { type Columns, readHeader } from './header.ts';
import { type ReadRow, readRow } from './row.ts';
import { type DeciderBasis, KEYS_A_READ, RowDecider, type SettledRow } from './row-decider.ts';
import { RowWriter, type ScrubCounts, type ScrubSinks } from './row-writer.ts';
import { UndeclaredContacts } from './undeclared-contacts.ts';

/** Everything that the outcome depends on besides the file and the state of its contact points. */
export type ScrubBasis = DeciderBasis & {
  readonly residency: Residency;
  readonly pepper: Pepper;
  readonly maxBytes: number;
};

export type ScrubProgress = { readonly bytesRead: number; readonly counts: ScrubCounts };

export type ScrubPorts = {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  readonly sinks: ScrubSinks;
  readonly onProgress?: ((progress: ScrubProgress) => void) | undefined;
};

export type ScrubResult =
  | {
      readonly kind: 'SCRUBBED';
      readonly counts: ScrubCounts;
      readonly inputSha256: string;
      readonly inputBytes: number;
      readonly merkleRoot: string;
    }
  | { readonly kind: 'REJECTED'; readonly rejection: FileRejection };

/** Half a gigabyte: some four million rows, which one Lambda scrubs well within its time. */
export const MAX_LIST_BYTES = 512 * 1024 * 1024;

/** Batches whose contact points are being read at the same time. */
const IN_FLIGHT = 8;
const ROWS_A_BATCH = 500;
const BYTES_A_BATCH = 1024 * 1024;

/**
 * Scrubs one contact list: reads it as a stream, decides every row and writes it, in order, to the sink of its
 * outcome. A file that is not what the profile says is refused whole; what the sinks got by then must be thrown away.
 * The same file, state and basis give the same bytes, wherever the source cuts its chunks. Memory is bounded.
 */
export async function scrubFile(
  source: AsyncIterable<Uint8Array>,
  basis: ScrubBasis,
  ports: ScrubPorts,
): Promise<ScrubResult> {
  try {
    return await new FileScrub(source, basis, ports).run();
  } catch (error) {
    if (error instanceof FileRejected) return { kind: 'REJECTED', rejection: error.rejection };
    throw error;
  }
}

class FileScrub {
  readonly #basis: ScrubBasis;
  readonly #ports: ScrubPorts;
  readonly #csv: CsvReader;
  readonly #decider: RowDecider;
  readonly #hash: Hash = createHash('sha256');
  readonly #tree = new MerkleTree();
  readonly #deciding: Promise<readonly SettledRow[]>[] = [];
  #batch: ReadRow[] = [];
  #batchKeys = 0;
  #batchBytes = 0;
  #bytesRead = 0;

  constructor(source: AsyncIterable<Uint8Array>, basis: ScrubBasis, ports: ScrubPorts) {
    this.#basis = basis;
    this.#ports = ports;
    this.#decider = new RowDecider(basis, ports.contactPoints);
    const delimiter = basis.profile.delimiter.charCodeAt(0);
    this.#csv = new CsvReader(this.#hashed(source), { delimiter, maxBytes: basis.maxBytes });
  }

  async run(): Promise<ScrubResult> {
    const { profile } = this.#basis;
    let work: { columns: Columns; writer: RowWriter; undeclared: UndeclaredContacts } | undefined;
    const reader = new ContactReader(profile, this.#basis);
    for await (const records of this.#csv.records()) {
      for (const record of records) {
        if (work === undefined) {
          const columns = readHeader(record, profile);
          const writer = new RowWriter(columns, this.#ports.sinks, this.#tree);
          work = { columns, writer, undeclared: new UndeclaredContacts(columns, profile) };
          await writer.begin(this.#csv.bom, record);
          continue;
        }
        refuseRagged(record, work.columns);
        work.undeclared.see(record);
        this.#add(readRow(record, work.columns, reader));
        if (this.#deciding.length >= IN_FLIGHT) await this.#writeNext(work.writer);
      }
    }
    if (work === undefined) throw new FileRejected('EMPTY_FILE');
    this.#closeBatch();
    while (this.#deciding.length > 0) await this.#writeNext(work.writer);
    if (work.writer.counts.rows === 0) throw new FileRejected('HEADER_ONLY', { line: 1 });
    work.undeclared.refuse();
    return {
      kind: 'SCRUBBED',
      counts: work.writer.counts,
      inputSha256: this.#hash.digest('hex'),
      inputBytes: this.#bytesRead,
      merkleRoot: this.#tree.rootHex(),
    };
  }

  async *#hashed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#hash.update(chunk);
      this.#bytesRead += chunk.length;
      yield chunk;
    }
  }

  #add(row: ReadRow): void {
    const keys = 'contacts' in row ? row.contacts.length : 0;
    // Batches are cut by their rows alone, so that the evidence is compressed in the same pieces on every run.
    if (this.#batchKeys + keys > KEYS_A_READ) this.#closeBatch();
    this.#batch.push(row);
    this.#batchKeys += keys;
    this.#batchBytes += row.record.raw.length;
    if (this.#batch.length >= ROWS_A_BATCH || this.#batchBytes >= BYTES_A_BATCH) this.#closeBatch();
  }

  #closeBatch(): void {
    if (this.#batch.length === 0) return;
    const deciding = this.#decider.decide(this.#batch);
    // A failure is met when its turn to be written comes; until then nobody listens.
    deciding.catch(() => undefined);
    this.#deciding.push(deciding);
    this.#batch = [];
    this.#batchKeys = 0;
    this.#batchBytes = 0;
  }

  async #writeNext(writer: RowWriter): Promise<void> {
    const settled = await this.#deciding.shift();
    if (settled === undefined) return;
    await writer.write(settled);
    this.#ports.onProgress?.({ bytesRead: this.#bytesRead, counts: writer.counts });
  }
}

function refuseRagged({ bounds, line }: CsvRecord, { names }: Columns): void {
  const cells = bounds.length / 2;
  if (cells === names.length) return;
  throw new FileRejected('RAGGED_ROW', { line, detail: `expected ${names.length} cells, got ${cells}` });
}
