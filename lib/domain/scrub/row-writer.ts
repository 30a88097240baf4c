import { joinedBytes } from '../bytes.ts';
import type { Token } from '../contact-point/token.ts';
import type { MerkleTree } from '../log/merkle.ts';
import type { CsvPage } from './csv-page.ts';
import type { CsvRecord } from './csv-reader.ts';
import type { Columns } from './header.ts';
import { reportHeader, reportRow } from './human-report.ts';
import type { PageContacts, RowOutcome, Verdict } from './row.ts';

/** Takes bytes, in order; resolves when more may come. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

export const ROW_FILES = {
  APPROVED: 'approved.csv',
  REJECTED: 'rejected.csv',
  QUARANTINED: 'quarantined.csv',
  OTHER_REGION: 'other-region.csv',
} as const satisfies Record<RowOutcome, string>;

/** The rows of an approved list that must come out of it, as they stand in it. */
export const REMOVALS_FILE = 'removals.csv';

export type ScrubSinks = Readonly<Record<RowOutcome, ByteSink>> & {
  /** Where a list that is in use already is scrubbed again: its header, and the rows that must come out of it. */
  readonly removals?: ByteSink | undefined;
  /** One line of JSON per row, in order: which contact points, decided how. */
  readonly evidence: ByteSink;
};

export type ScrubCounts = {
  readonly rows: number;
  readonly approved: number;
  readonly rejected: number;
  readonly quarantined: number;
  readonly otherRegion: number;
  /** Reason code or cause -> rows, for each outcome but APPROVED. */
  readonly reasons: Readonly<Partial<Record<RowOutcome, Readonly<Record<string, number>>>>>;
};

const encoder = new TextEncoder();

/** A page of which every row is decided. */
export type DecidedPage = {
  readonly page: CsvPage;
  readonly contacts: PageContacts;
  readonly verdicts: readonly Verdict[];
};

/** Writes decided rows to where their outcome puts them: approved ones as the bytes that came, the rest as reports. */
export class RowWriter {
  readonly #columns: Columns;
  readonly #sinks: ScrubSinks;
  readonly #evidence: MerkleTree;
  readonly #rows: Record<RowOutcome, number> = { APPROVED: 0, REJECTED: 0, QUARANTINED: 0, OTHER_REGION: 0 };
  readonly #reasons = new Map<RowOutcome, Map<string, number>>();

  constructor(columns: Columns, sinks: ScrubSinks, evidence: MerkleTree) {
    this.#columns = columns;
    this.#sinks = sinks;
    this.#evidence = evidence;
  }

  get counts(): ScrubCounts {
    const { APPROVED, REJECTED, QUARANTINED, OTHER_REGION } = this.#rows;
    return {
      rows: APPROVED + REJECTED + QUARANTINED + OTHER_REGION,
      approved: APPROVED,
      rejected: REJECTED,
      quarantined: QUARANTINED,
      otherRegion: OTHER_REGION,
      reasons: Object.fromEntries(
        [...this.#reasons].map(([outcome, by]) => [outcome, Object.fromEntries(by)]),
      ),
    };
  }

  async begin(bom: Uint8Array, header: CsvRecord): Promise<void> {
    await this.#sinks.APPROVED.write(joinedBytes([bom, header.raw]));
    await this.#sinks.removals?.write(joinedBytes([bom, header.raw]));
    const head = encoder.encode(reportHeader(this.#columns));
    for (const outcome of ['REJECTED', 'QUARANTINED', 'OTHER_REGION'] as const) {
      await this.#sinks[outcome].write(head);
    }
  }

  async write({ page, contacts, verdicts }: DecidedPage): Promise<void> {
    const reports: Record<Exclude<RowOutcome, 'APPROVED'>, string> = {
      REJECTED: '',
      QUARANTINED: '',
      OTHER_REGION: '',
    };
    let evidence = '';
    for (const [row, verdict] of verdicts.entries()) {
      this.#count(verdict);
      const { outcome, ground } = verdict;
      if (outcome !== 'APPROVED' && ground !== undefined)
        reports[outcome] += reportRow(page.record(row), ground, this.#columns);
      const tokens = contacts.tokens.slice(contacts.ends[row - 1] ?? 0, contacts.ends[row]);
      const line = evidenceLine(verdict, { row: page.firstRow + row, line: page.lineOf(row), tokens });
      this.#evidence.add(line);
      evidence += `${line}\n`;
    }
    await this.#sinks.evidence.write(encoder.encode(evidence));
    const approved = bytesOf(page, verdicts, ({ outcome }) => outcome === 'APPROVED');
    if (approved.length > 0) await this.#sinks.APPROVED.write(approved);
    await this.#sinks.removals?.write(bytesOf(page, verdicts, ({ outcome }) => outcome !== 'APPROVED'));
    for (const outcome of ['REJECTED', 'QUARANTINED', 'OTHER_REGION'] as const) {
      if (reports[outcome] !== '') await this.#sinks[outcome].write(encoder.encode(reports[outcome]));
    }
  }

  #count({ outcome, ground }: Verdict): void {
    this.#rows[outcome] += 1;
    if (ground === undefined) return;
    const reasons = this.#reasons.get(outcome) ?? new Map<string, number>();
    this.#reasons.set(outcome, reasons.set(ground.code, (reasons.get(ground.code) ?? 0) + 1));
  }
}

/** A copy of some rows' bytes, in order: those that lie side by side are copied together. */
function bytesOf(
  page: CsvPage,
  verdicts: readonly Verdict[],
  isWanted: (verdict: Verdict) => boolean,
): Uint8Array {
  const bytes = Buffer.allocUnsafe(page.end - page.startOf(0, 0));
  let size = 0;
  let from = -1;
  for (const [row, verdict] of verdicts.entries()) {
    if (isWanted(verdict)) {
      if (from < 0) from = page.startOf(row, 0);
    } else if (from >= 0) {
      size += page.bytes.copy(bytes, size, from, page.startOf(row, 0));
      from = -1;
    }
  }
  if (from >= 0) size += page.bytes.copy(bytes, size, from, page.end);
  return bytes.subarray(0, size);
}

type RowEvidence = { readonly row: number; readonly line: number; readonly tokens: readonly Token[] };

/** Canonical JSON (RFC 8785): members in order; only rules can have names that need escaping. */
function evidenceLine({ outcome, ground }: Verdict, { row, line, tokens }: RowEvidence): string {
  const reason = ground === undefined ? '""' : JSON.stringify(ground.code);
  const ruleId = ground === undefined ? '""' : JSON.stringify(ground.ruleId);
  const quoted = tokens.length === 0 ? '' : `"${tokens.join('","')}"`;
  return `{"decision":"${outcome}","line":${line},"reason":${reason},"row":${row},"ruleId":${ruleId},"tokens":[${quoted}]}`;
}
