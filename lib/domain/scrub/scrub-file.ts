import { createHash, type Hash } from 'node:crypto';
import type { Residency } from '../contact-point/residency.ts';
import type { Pepper } from '../contact-point/token.ts';
import { MerkleTree } from '../log/merkle.ts';
import type { ContactPoints } from '../ports.ts';
import { ContactKinds } from './contact-kind.ts';
import { ContactReader } from './contact-reader.ts';
import type { CsvPage } from './csv-page.ts';
import { CsvReader } from './csv-reader.ts';
import { FileRejected, type FileRejection } from './defect.ts';
import { readHeader } from './header.ts';
import { Lanes } from './lanes.ts';
import { RowReader } from './row.ts';
import { type DeciderBasis, RowDecider } from './row-decider.ts';
import { type DecidedPage, RowWriter, type ScrubCounts, type ScrubSinks } from './row-writer.ts';
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

/** Two gigabytes: some sixteen million rows of 119 bytes. The diallers' own lists hold one or two million. */
export const MAX_LIST_BYTES = 2 * 1024 * 1024 * 1024;

/** Pages whose rows are being decided at the same time. */
const PAGES_IN_FLIGHT = 4;
/** Reads of up to 100 contact points under way at the same time. */
const READS_IN_FLIGHT = 16;

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
  readonly #deciding: Promise<DecidedPage>[] = [];
  #bytesRead = 0;

  constructor(source: AsyncIterable<Uint8Array>, basis: ScrubBasis, ports: ScrubPorts) {
    this.#basis = basis;
    this.#ports = ports;
    const { contactPoints } = ports;
    this.#decider = new RowDecider(basis, { contactPoints, lanes: new Lanes(READS_IN_FLIGHT) });
    const delimiter = basis.profile.delimiter.charCodeAt(0);
    this.#csv = new CsvReader(this.#hashed(source), { delimiter, maxBytes: basis.maxBytes });
  }

  async run(): Promise<ScrubResult> {
    try {
      return await this.#run();
    } finally {
      await this.#csv.close();
    }
  }

  async #run(): Promise<ScrubResult> {
    const { profile } = this.#basis;
    const header = await this.#csv.header();
    const columns = readHeader(header, profile);
    const writer = new RowWriter(columns, this.#ports.sinks, this.#tree);
    await writer.begin(this.#csv.bom, header);
    const undeclared = new UndeclaredContacts(columns, profile);
    const kinds = new ContactKinds();
    const rows = new RowReader(columns, new ContactReader(profile, this.#basis, kinds), kinds);
    for await (const page of this.#csv.pages(columns.names.length)) {
      undeclared.see(page);
      this.#decide(page, rows);
      if (this.#deciding.length >= PAGES_IN_FLIGHT) await this.#writeNext(writer);
    }
    while (this.#deciding.length > 0) await this.#writeNext(writer);
    if (writer.counts.rows === 0) throw new FileRejected('HEADER_ONLY', { line: 1 });
    undeclared.refuse();
    return {
      kind: 'SCRUBBED',
      counts: writer.counts,
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

  #decide(page: CsvPage, rows: RowReader): void {
    const contacts = rows.read(page);
    const deciding = this.#decider.decide(contacts).then((verdicts) => ({ page, contacts, verdicts }));
    // A failure is met when its turn to be written comes; until then nobody listens.
    deciding.catch(() => undefined);
    this.#deciding.push(deciding);
  }

  async #writeNext(writer: RowWriter): Promise<void> {
    const decided = await this.#deciding.shift();
    if (decided === undefined) return;
    await writer.write(decided);
    this.#csv.release(decided.page);
    this.#ports.onProgress?.({ bytesRead: this.#bytesRead, counts: writer.counts });
  }
}
