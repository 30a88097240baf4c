import { reportLine } from '../csv-report.ts';
import { type Clock, type ClockRow, clocksOf, isOver } from './clocks.ts';
import type { Incident } from './incident.ts';

type Act = { readonly by: string; readonly at: number };
type ShownAct = { readonly by: string; readonly at: string };
type ShownClock = Omit<Clock, 'dueAt' | 'metAt'> & { readonly dueAt?: string; readonly metAt?: string };

/**
 * An incident as people and programs read it, and as the register of GDPR Art 33(5) has it: facts, effects and remedial
 * action as references to the operator's documents, every clock, every notice, whatever the risk. Moments are ISO 8601, UTC.
 */
export type RegisteredIncident = {
  readonly [Member in keyof Pick<
    Incident,
    | 'id'
    | 'version'
    | 'kind'
    | 'state'
    | 'reference'
    | 'receivedBy'
    | 'source'
    | 'role'
    | 'dataElements'
    | 'jurisdictions'
    | 'documents'
  >]: Incident[Member];
} & {
  readonly risk: NonNullable<Incident['risk']> | null;
  readonly persons: number | null;
  readonly receivedAt: string;
  readonly knownAt: string;
  readonly occurredFrom: string | null;
  readonly occurredTo: string | null;
  readonly notifiedAt: string | null;
  readonly closedAt: string | null;
  readonly contact: NonNullable<Incident['contact']> | null;
  readonly template: NonNullable<Incident['template']> | null;
  readonly affected: NonNullable<Incident['affected']> | null;
  readonly prepared: ShownAct | null;
  readonly release: ShownAct | null;
  readonly exemption: (ShownAct & { readonly ground: string; readonly document: string }) | null;
  readonly waivers: readonly (ShownAct & { readonly clock: string; readonly document: string })[];
  readonly authorityNotices: readonly (Omit<Incident['authorityNotices'][number], 'at'> & {
    readonly at: string;
  })[];
  readonly clocks: readonly ShownClock[];
  /** Of the clocks that still run; null where none has a number. */
  readonly nextDueAt: string | null;
};

/** One incident as the register has it at a moment, epoch milliseconds. */
export function registered(incident: Incident, rows: readonly ClockRow[], now: number): RegisteredIncident {
  const { id, version, kind, state, reference, receivedBy, source, role } = incident;
  const clocks = clocksOf(incident, rows, now);
  return {
    ...{ id, version, kind, state, reference, receivedBy, source, role },
    dataElements: incident.dataElements,
    jurisdictions: incident.jurisdictions,
    documents: incident.documents,
    risk: incident.risk ?? null,
    persons: incident.persons ?? null,
    receivedAt: iso(incident.receivedAt),
    knownAt: iso(incident.knownAt),
    occurredFrom: isoOrNull(incident.occurredFrom),
    occurredTo: isoOrNull(incident.occurredTo),
    notifiedAt: isoOrNull(incident.notifiedAt),
    closedAt: isoOrNull(incident.closedAt),
    contact: incident.contact ?? null,
    template: incident.template ?? null,
    affected: incident.affected ?? null,
    prepared: incident.prepared === undefined ? null : shownAct(incident.prepared),
    release: incident.release === undefined ? null : shownAct(incident.release),
    exemption: incident.exemption === undefined ? null : shownAct(incident.exemption),
    waivers: (incident.waivers ?? []).map(shownAct),
    authorityNotices: incident.authorityNotices.map(shownAct),
    clocks: clocks.map(shownClock),
    nextDueAt: isoOrNull(clocks.find((clock) => !isOver(clock) && clock.dueAt !== undefined)?.dueAt),
  };
}

const COLUMNS = [
  ...[
    'id',
    'reference',
    'source',
    'state',
    'receivedAt',
    'receivedBy',
    'knownAt',
    'occurredFrom',
    'occurredTo',
  ],
  ...['role', 'risk', 'dataElements', 'jurisdictions', 'persons', 'affectedRows', 'affectedSha256'],
  ...[
    'facts',
    'effects',
    'remedialAction',
    'otherDocuments',
    'clocks',
    'authorityNotices',
    'exemption',
    'waivers',
  ],
  ...['preparedBy', 'releasedBy', 'notifiedAt', 'closedAt'],
];

/** What a line of the register is made of: an incident here, or as the API has told it. */
export type RegisterLine = Pick<
  RegisteredIncident,
  | 'id'
  | 'reference'
  | 'source'
  | 'state'
  | 'receivedAt'
  | 'receivedBy'
  | 'knownAt'
  | 'occurredFrom'
  | 'occurredTo'
  | 'role'
  | 'risk'
  | 'persons'
  | 'prepared'
  | 'release'
  | 'notifiedAt'
  | 'closedAt'
  | 'exemption'
  | 'waivers'
> & {
  readonly dataElements: readonly string[];
  readonly jurisdictions: readonly string[];
  readonly documents: readonly { readonly about: string; readonly id: string; readonly sha256: string }[];
  readonly affected: { readonly rows: number; readonly sha256: string } | null;
  readonly clocks: readonly RegisterClock[];
  readonly authorityNotices: readonly (ShownAct & {
    readonly clock: string;
    readonly authority: string;
    readonly phase: string;
  })[];
};
type RegisterClock = {
  readonly id: string;
  readonly state: string;
  readonly dueAt?: string | undefined;
  readonly metAt?: string | undefined;
  readonly delayReason?: string | undefined;
};

/** The register for a spreadsheet, one line an incident, in the order in which they are given. */
export function registerCsv(incidents: readonly RegisterLine[]): string {
  return [reportLine(COLUMNS), ...incidents.map((incident) => reportLine(cellsOf(incident)))].join('');
}

function cellsOf(incident: RegisterLine): readonly (string | number)[] {
  const { documents, exemption, affected } = incident;
  const about = (...kinds: readonly string[]) =>
    documents.filter((one) => kinds.includes(one.about)).map(({ id, sha256 }) => `${id} sha256:${sha256}`);
  return [
    ...[incident.id, incident.reference, incident.source, incident.state, incident.receivedAt],
    ...[incident.receivedBy, incident.knownAt, incident.occurredFrom ?? '', incident.occurredTo ?? ''],
    ...[
      incident.role,
      incident.risk ?? 'not judged',
      list(incident.dataElements),
      list(incident.jurisdictions),
    ],
    ...[incident.persons ?? '', affected?.rows ?? '', affected?.sha256 ?? ''],
    ...[list(about('FACTS')), list(about('EFFECTS')), list(about('REMEDIAL_ACTION'))],
    list(about('NOTICE', 'DELAY', 'EXEMPTION')),
    list(incident.clocks.map(clockText)),
    list(incident.authorityNotices.map(noticeText)),
    exemption === null
      ? ''
      : `${exemption.ground} ${exemption.document} by ${exemption.by} at ${exemption.at}`,
    list(incident.waivers.map(({ clock, document, by, at }) => `${clock} ${document} by ${by} at ${at}`)),
    ...[incident.prepared?.by ?? '', incident.release?.by ?? ''],
    ...[incident.notifiedAt ?? '', incident.closedAt ?? ''],
  ];
}

function clockText({ id, state, dueAt, metAt, delayReason }: RegisterClock): string {
  const due = dueAt === undefined ? 'without undue delay' : `due ${dueAt}`;
  const met = metAt === undefined ? '' : `, met ${metAt}`;
  return `${id} ${state} (${due}${met}${delayReason === undefined ? '' : `, reasons ${delayReason}`})`;
}

function noticeText({ clock, authority, at, by, phase }: RegisterLine['authorityNotices'][number]): string {
  return `${clock} ${phase} ${authority} at ${at} by ${by}`;
}

function list(values: readonly string[]): string {
  return values.join('; ');
}

function shownClock({ dueAt, metAt, ...clock }: Clock): ShownClock {
  return {
    ...clock,
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
    ...(metAt === undefined ? {} : { metAt: iso(metAt) }),
  };
}

function shownAct<One extends Act>(act: One): Omit<One, 'at'> & { readonly at: string } {
  return { ...act, at: iso(act.at) };
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
