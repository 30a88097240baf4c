import * as z from 'zod';
import { OpaqueId } from '../vocabulary.ts';
import { CLOCK_ROWS } from './clocks.data.ts';
import { DataElement, type Incident, IncidentRole, Jurisdiction, Risk } from './incident.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** What is due within a day is worth a call. */
const WARNED_HOURS = 24;

/** One duty to tell somebody of a breach, as data: the law's own, or the operator's. */
export const ClockRow = z.strictObject({
  id: OpaqueId,
  /** `*`: wherever the people are; `US-*`: in each state that no other row to the same addressee names. */
  jurisdictions: z.array(z.union([Jurisdiction, z.enum(['*', 'US-*'])])).min(1),
  to: z.enum(['AUTHORITY', 'CONTROLLER', 'PERSONS', 'CARD_BRANDS']),
  /** Whom it binds; left out, both. */
  role: IncidentRole.optional(),
  /** What it runs from: that the operator knew, or that the people were told. */
  from: z.enum(['KNOWN', 'PERSONS_TOLD']).default('KNOWN'),
  /** Left out with `days`, the law says "without undue delay" and no number. */
  hours: z.number().int().positive().optional(),
  days: z.number().int().positive().optional(),
  /** Only at these risks; one that nobody has judged yet counts as each of them. */
  risks: z.array(Risk).min(1).optional(),
  /** Only where more people than these are concerned; as long as nobody knows how many, it counts. */
  personsOver: z.number().int().positive().optional(),
  /** Only where one of these was exposed. */
  dataElements: z.array(DataElement).min(1).optional(),
  /** Whether a ground of GDPR Art 34(3) ends it. */
  exemptible: z.boolean().optional(),
  citation: z.string().min(1).max(200),
  /** Why the row is to be checked by a lawyer before it is relied on. */
  contested: z.string().min(1).max(300).optional(),
});
export type ClockRow = z.input<typeof ClockRow>;

/** OPEN has time left, or no number; DUE less than a day; LATE none, and nobody was told. */
export type ClockState = 'OPEN' | 'DUE' | 'LATE' | 'MET' | 'MET_LATE' | 'WAIVED' | 'EXEMPT';

/** How one clock of an incident stands. */
export type Clock = {
  readonly id: string;
  readonly to: z.infer<typeof ClockRow>['to'];
  readonly state: ClockState;
  /** Epoch milliseconds; absent where the law has no number, or it does not run yet. */
  readonly dueAt?: number;
  readonly metAt?: number;
  /** The operator's document that gives the reasons of a late notice (GDPR Art 33(1)). */
  readonly delayReason?: string;
  readonly citation: string;
  readonly contested?: string;
};

/** The rows that ship, and the operator's: one with the id of another takes its place. */
export function clockRows(own: readonly ClockRow[] = []): readonly ClockRow[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...CLOCK_ROWS.filter(({ id }) => !ids.has(id)), ...own];
}

/**
 * The clocks that run for an incident, the one due first in front.
 *
 * Hours and days are counted to the minute from the moment, weekends and holidays too. Regulation 1182/71 would not count
 * the hour of the event (Art 3(1)) and moves the end of a period in days, though never one in hours, from a day off to the
 * next working day (Art 3(4)); statutes of states count whole days. So nothing here is later than the law has it.
 */
export function clocksOf(incident: Incident, rows: readonly ClockRow[], now: number): readonly Clock[] {
  return rows
    .filter((row) => applies(row, incident, rows))
    .map((row) => clockOf(row, incident, now))
    .toSorted((a, b) => (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY) || 0);
}

/** Whether nobody is owed anything by a clock any more. */
export function isOver({ state }: Clock): boolean {
  return state !== 'OPEN' && state !== 'DUE' && state !== 'LATE';
}

/** When a row is due for an incident, epoch milliseconds; undefined where the law has no number or it does not run yet. */
export function dueAt(row: ClockRow, { knownAt, notifiedAt }: Incident): number | undefined {
  const from = row.from === 'PERSONS_TOLD' ? notifiedAt : knownAt;
  const hours = row.hours ?? (row.days === undefined ? undefined : row.days * DAY_HOURS);
  return from === undefined || hours === undefined ? undefined : from + hours * HOUR_MS;
}

function applies(row: ClockRow, incident: Incident, rows: readonly ClockRow[]): boolean {
  const { role, risk, persons, dataElements } = incident;
  return (
    (row.role === undefined || row.role === role) &&
    (row.risks === undefined || risk === undefined || row.risks.includes(risk)) &&
    (row.personsOver === undefined || persons === undefined || persons > row.personsOver) &&
    (row.dataElements?.some((element) => dataElements.includes(element)) ?? true) &&
    incident.jurisdictions.concat('*').some((place) => isOf(place, row, rows))
  );
}

function isOf(place: string, row: ClockRow, rows: readonly ClockRow[]): boolean {
  if (row.jurisdictions.includes(place)) return true;
  if (!row.jurisdictions.includes('US-*') || !/^US(-|$)/.test(place)) return false;
  const named = (other: ClockRow) =>
    other.to === row.to && other.role === row.role && other.jurisdictions.includes(place);
  return !rows.some(named);
}

function clockOf(row: ClockRow, incident: Incident, now: number): Clock {
  const due = dueAt(row, incident);
  const { metAt, delayReason } = metBy(row, incident);
  return {
    id: row.id,
    to: row.to,
    state: stateOf(row, incident, { due, metAt, now }),
    ...(due === undefined ? {} : { dueAt: due }),
    ...(metAt === undefined ? {} : { metAt }),
    ...(delayReason === undefined ? {} : { delayReason }),
    citation: row.citation,
    ...(row.contested === undefined ? {} : { contested: row.contested }),
  };
}

/** The first notice keeps the time; what is said later in phases (GDPR Art 33(4)) does not move it. */
function metBy(
  { id, to }: ClockRow,
  { authorityNotices, notifiedAt }: Incident,
): { readonly metAt?: number | undefined; readonly delayReason?: string | undefined } {
  const first = authorityNotices.find(({ clock, phase }) => clock === id && phase === 'INITIAL');
  if (first !== undefined) return { metAt: first.at, delayReason: first.delayReason };
  return to === 'PERSONS' ? { metAt: notifiedAt } : {};
}

function stateOf(
  row: ClockRow,
  { exemption, waivers = [] }: Incident,
  {
    due,
    metAt,
    now,
  }: { readonly due: number | undefined; readonly metAt: number | undefined; readonly now: number },
): ClockState {
  if (metAt !== undefined) return due !== undefined && metAt > due ? 'MET_LATE' : 'MET';
  if (waivers.some(({ clock }) => clock === row.id)) return 'WAIVED';
  if (row.exemptible === true && exemption !== undefined) return 'EXEMPT';
  if (due === undefined) return 'OPEN';
  if (now > due) return 'LATE';
  return due - now <= WARNED_HOURS * HOUR_MS ? 'DUE' : 'OPEN';
}
