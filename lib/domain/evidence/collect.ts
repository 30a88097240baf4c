import { ComplianceError } from '../errors.ts';
import { readLine } from '../log/batch.ts';
import type { LoggedEntry, RegistryEntry } from '../log/entry.ts';
import { leafHash } from '../log/hashing.ts';
import { summaryOf } from '../log/render-explanation.ts';
import { type Figures, FiguresOf, keyOf } from './figures.ts';
import type { TimelineRow } from './report.ts';
import { BearingOf, type EvidenceScope, ownPart } from './scope.ts';

/** An entries object: its lines in order, and when it was written under the lock (epoch milliseconds). */
export type LoggedObject = {
  readonly loggedAt: number;
  readonly lines: Iterable<string>;
};

/** An entry that belongs in a pack whole: the text of its line, byte for byte. */
export type PackedLine = { readonly index: number; readonly line: string };
/** One that says things of others too. */
export type WithheldLine = {
  readonly index: number;
  /** Lower-case hex. */
  readonly leafHash: string;
  readonly own: Readonly<Record<string, unknown>>;
};

export type Collected = {
  readonly lines: readonly PackedLine[];
  readonly withheld: readonly WithheldLine[];
  /** Imports of the registry versions that the entries name. */
  readonly imports: readonly (PackedLine & { readonly entry: RegistryEntry })[];
  readonly figures: Figures;
  readonly timeline: readonly TimelineRow[];
};

/** As many fit into memory and into one archive that tools open; a pack of more is asked for in parts. */
export const MOST_ENTRIES = 20_000;
const MOST_ROWS = 1000;

/**
 * Goes through the log once, up to `size` entries, and keeps what belongs in a pack. Memory depends on the pack alone.
 *
 * @throws ComplianceError PACK_TOO_LARGE beyond MOST_ENTRIES; LOG_LINE_UNREADABLE.
 */
export async function collectEvidence(
  objects: AsyncIterable<LoggedObject>,
  scope: EvidenceScope,
  size: number,
): Promise<Collected> {
  const collector = new Collector(scope);
  let index = 0;
  for await (const { lines, loggedAt } of objects) {
    for (const line of lines) {
      if (index >= size) return collector.collected();
      collector.take(line, loggedAt);
      index += 1;
    }
  }
  return collector.collected();
}

class Collector {
  readonly #scope: EvidenceScope;
  readonly #bearing: BearingOf;
  readonly #figures = new FiguresOf();
  readonly #lines: PackedLine[] = [];
  readonly #withheld: WithheldLine[] = [];
  readonly #imports: (PackedLine & { readonly entry: RegistryEntry })[] = [];
  readonly #timeline: TimelineRow[] = [];

  constructor(scope: EvidenceScope) {
    this.#scope = scope;
    this.#bearing = new BearingOf(scope);
  }

  take(line: string, loggedAt: number): void {
    const isImport = line.includes('"kind":"registry"');
    if (!isImport && !this.#bearing.mayBear(line)) return;
    const entry = readLine(line);
    if (entry === undefined) {
      throw new ComplianceError({
        code: 'LOG_LINE_UNREADABLE',
        message: 'expected an entry in the log, got another line',
      });
    }
    if (entry.kind === 'registry') this.#imports.push({ index: entry.index, line, entry });
    switch (this.#bearing.of(entry, line)) {
      case 'OWN':
        this.#add(entry, line, loggedAt);
        break;
      case 'SHARED':
        this.#withhold(entry, line);
        break;
      case 'NONE':
        break;
    }
    if (this.#lines.length + this.#withheld.length > MOST_ENTRIES) {
      throw new ComplianceError({
        code: 'PACK_TOO_LARGE',
        message: `expected at most ${MOST_ENTRIES} entries in a pack, found more; ask for a shorter time, and for several packs`,
      });
    }
  }

  collected(): Collected {
    const figures = this.#figures.figures();
    const used = new Set(figures.registries.map(keyOf));
    return {
      lines: this.#lines,
      withheld: this.#withheld,
      imports: this.#imports.filter(({ entry }) => used.has(keyOf(entry))),
      figures,
      timeline: this.#timeline,
    };
  }

  #add(entry: LoggedEntry, line: string, loggedAt: number): void {
    this.#lines.push({ index: entry.index, line });
    this.#figures.add(entry, loggedAt);
    this.#tell(entry, summaryOf(entry));
  }

  #withhold(entry: LoggedEntry, line: string): void {
    const token = this.#scope.about.kind === 'person' ? this.#scope.about.token : '';
    this.#withheld.push({
      index: entry.index,
      leafHash: leafHash(line).toString('hex'),
      own: ownPart(entry, token),
    });
    this.#tell(entry, `${summaryOf(entry)} (one entry about several contact points: in part)`);
  }

  #tell({ index, at }: LoggedEntry, text: string): void {
    if (this.#timeline.length < MOST_ROWS) this.#timeline.push({ index, at, text });
  }
}
