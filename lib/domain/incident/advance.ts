import { ComplianceError } from '../errors.ts';
import { type ClockRow, clocksOf, dueAt, isOver } from './clocks.ts';
import type {
  AuthorityNotice,
  ExemptionGround,
  Incident,
  IncidentDocument,
  IncidentState,
} from './incident.ts';

type Act = { readonly by: string; readonly at: number };

/** What is known of an incident; whatever is left out stays as it was. */
export type Assessment = Partial<
  Pick<
    Incident,
    | 'knownAt'
    | 'occurredFrom'
    | 'occurredTo'
    | 'role'
    | 'risk'
    | 'dataElements'
    | 'jurisdictions'
    | 'persons'
    | 'contact'
  >
>;

/** Everything that can happen to an incident after it was reported. */
export type IncidentEvent =
  | (Act & {
      readonly kind: 'ASSESSED';
      readonly assessment: Assessment;
      readonly documents: readonly IncidentDocument[];
    })
  | (Act & { readonly kind: 'AFFECTED_ATTACHED'; readonly affected: NonNullable<Incident['affected']> })
  | (Act & { readonly kind: 'PREPARED'; readonly template: NonNullable<Incident['template']> })
  | (Act & { readonly kind: 'RELEASED' })
  /** Every notice was sent or ended otherwise; how many in which state. */
  | (Act & { readonly kind: 'NOTIFIED'; readonly counts: Readonly<Record<string, number>> })
  | (Act & { readonly kind: 'AUTHORITY_NOTIFIED'; readonly notice: Omit<AuthorityNotice, 'by'> })
  | (Act & { readonly kind: 'EXEMPTED'; readonly ground: ExemptionGround; readonly document: string })
  /** The authority can ask for notices all the same (GDPR Art 34(4)). */
  | (Act & { readonly kind: 'EXEMPTION_ENDED' })
  | (Act & { readonly kind: 'WAIVED'; readonly clock: string; readonly document: string })
  | (Act & { readonly kind: 'CLOSED' });

const OPEN: readonly IncidentState[] = ['REPORTED', 'ASSESSED', 'READY', 'NOTIFYING', 'NOTIFIED'];

/** In which states an event may happen; everything else is refused. */
const MAY_HAPPEN_IN: Readonly<Record<IncidentEvent['kind'], readonly IncidentState[]>> = {
  ASSESSED: OPEN,
  // People found later are told too: whoever was told already is not told again.
  AFFECTED_ATTACHED: ['ASSESSED', 'READY', 'NOTIFIED'],
  PREPARED: ['ASSESSED', 'READY'],
  RELEASED: ['READY'],
  NOTIFIED: ['NOTIFYING'],
  AUTHORITY_NOTIFIED: OPEN,
  EXEMPTED: ['ASSESSED', 'READY'],
  EXEMPTION_ENDED: ['ASSESSED', 'READY'],
  WAIVED: OPEN,
  CLOSED: ['ASSESSED', 'NOTIFIED'],
};

/**
 * The incident after an event.
 *
 * @param rows the clocks that may run for it: the law's and the operator's.
 * @throws ComplianceError WRONG_STATE, SAME_PERSON, RISK_NOT_JUDGED, AFFECTED_MISSING, CONTACT_MISSING, EXEMPT,
 * UNKNOWN_CLOCK, NOT_YET_KNOWN, IN_THE_FUTURE, DELAY_REASON_MISSING, TOLD_BEFORE, NOT_TOLD_BEFORE, DOCUMENTS_MISSING or
 * CLOCKS_OPEN; then nothing changes.
 */
export function advance(incident: Incident, event: IncidentEvent, rows: readonly ClockRow[]): Incident {
  if (!MAY_HAPPEN_IN[event.kind].includes(incident.state)) {
    throw refusal(
      'WRONG_STATE',
      `expected an incident in ${MAY_HAPPEN_IN[event.kind].join(' or ')}, got ${incident.state}`,
    );
  }
  return { ...changed(incident, event, rows), version: incident.version + 1 };
}

function changed(incident: Incident, event: IncidentEvent, rows: readonly ClockRow[]): Incident {
  const act = { by: event.by, at: event.at };
  switch (event.kind) {
    case 'ASSESSED':
      return assessed(incident, event);
    case 'AFFECTED_ATTACHED':
      return { ...unprepared(incident), state: 'ASSESSED', affected: event.affected };
    case 'PREPARED':
      return prepared(incident, event.template, act);
    case 'RELEASED':
      return released(incident, act);
    case 'NOTIFIED':
      return { ...incident, state: 'NOTIFIED', notifiedAt: incident.notifiedAt ?? event.at };
    case 'AUTHORITY_NOTIFIED':
      return told(incident, { ...event.notice, by: event.by }, { rows, now: event.at });
    case 'EXEMPTED':
      return { ...incident, exemption: { ...act, ground: event.ground, document: event.document } };
    case 'EXEMPTION_ENDED':
      return withoutExemption(incident);
    case 'WAIVED':
      return waived(incident, { ...act, clock: event.clock, document: event.document }, rows);
    case 'CLOSED':
      return closed(incident, rows, event.at);
  }
}

/** What was prepared on other facts is prepared again; what is being sent, or was, stays as it is. */
function assessed(
  incident: Incident,
  { assessment, documents, at }: Extract<IncidentEvent, { kind: 'ASSESSED' }>,
): Incident {
  const known = assessment.knownAt ?? incident.knownAt;
  if (known > at) throw refusal('IN_THE_FUTURE', 'expected a breach that is known by now');
  const next: Incident = { ...incident, ...assessment, documents: [...incident.documents, ...documents] };
  if (next.risk === undefined) throw refusal('RISK_NOT_JUDGED', 'expected the risk to people to be judged');
  const begun = incident.state === 'NOTIFYING' || incident.state === 'NOTIFIED';
  return begun ? next : { ...unprepared(next), state: 'ASSESSED' };
}

function prepared(incident: Incident, template: NonNullable<Incident['template']>, act: Act): Incident {
  if (incident.affected === undefined) {
    throw refusal('AFFECTED_MISSING', 'expected the list of who is to be told to be attached');
  }
  if (incident.contact === undefined) {
    throw refusal('CONTACT_MISSING', 'expected an incident that says how the operator is reached');
  }
  refuseExempt(incident);
  return { ...incident, state: 'READY', template, prepared: act };
}

/** A second person releases: nobody sends thousands of notices alone. */
function released(incident: Incident, act: Act): Incident {
  refuseExempt(incident);
  if (incident.prepared?.by === act.by) {
    throw refusal(
      'SAME_PERSON',
      'expected the release of a second person, got it from who prepared the notices',
    );
  }
  return { ...incident, state: 'NOTIFYING', release: act };
}

function refuseExempt({ exemption }: Incident): void {
  if (exemption === undefined) return;
  throw refusal('EXEMPT', 'expected no exemption of GDPR Art 34(3) to stand: end it first');
}

function told(
  incident: Incident,
  notice: AuthorityNotice,
  { rows, now }: { readonly rows: readonly ClockRow[]; readonly now: number },
): Incident {
  const row = runningRow(incident, notice.clock, rows);
  if (notice.at > now) throw refusal('IN_THE_FUTURE', 'expected a notice that was given by now');
  if (notice.at < incident.knownAt) {
    throw refusal('NOT_YET_KNOWN', 'expected a notice that was given after the breach was known');
  }
  const before = incident.authorityNotices.some(
    ({ clock, authority, phase }) =>
      clock === notice.clock && authority === notice.authority && phase === 'INITIAL',
  );
  if (notice.phase === 'INITIAL' && before) {
    throw refusal(
      'TOLD_BEFORE',
      'expected the first notice to this authority; what follows is of phase FURTHER',
    );
  }
  if (notice.phase === 'FURTHER' && !before) {
    throw refusal('NOT_TOLD_BEFORE', 'expected a first notice to this authority before further ones');
  }
  const due = dueAt(row, incident);
  const isLate = notice.phase === 'INITIAL' && due !== undefined && notice.at > due;
  if (isLate && notice.delayReason === undefined) {
    throw refusal('DELAY_REASON_MISSING', 'expected the reasons of a late notice (GDPR Art 33(1))');
  }
  return { ...incident, authorityNotices: [...incident.authorityNotices, notice] };
}

function waived(
  incident: Incident,
  waiver: NonNullable<Incident['waivers']>[number],
  rows: readonly ClockRow[],
): Incident {
  runningRow(incident, waiver.clock, rows);
  return { ...incident, waivers: [...(incident.waivers ?? []), waiver] };
}

function runningRow(incident: Incident, id: string, rows: readonly ClockRow[]): ClockRow {
  const isRunning = clocksOf(incident, rows, incident.knownAt).some((clock) => clock.id === id);
  const row = rows.find((each) => each.id === id);
  if (isRunning && row !== undefined) return row;
  throw refusal('UNKNOWN_CLOCK', 'expected a clock that runs for this incident');
}

/** The register is to hold facts, effects and remedial action of each breach (GDPR Art 33(5)), notified or not. */
function closed(incident: Incident, rows: readonly ClockRow[], at: number): Incident {
  const about = new Set(incident.documents.map((document) => document.about));
  if (!(['FACTS', 'EFFECTS', 'REMEDIAL_ACTION'] as const).every((each) => about.has(each))) {
    throw refusal(
      'DOCUMENTS_MISSING',
      'expected documents of the facts, the effects and the remedial action (GDPR Art 33(5))',
    );
  }
  if (!clocksOf(incident, rows, at).every(isOver)) {
    throw refusal('CLOCKS_OPEN', 'expected every clock to be met, waived or exempt');
  }
  return { ...incident, state: 'CLOSED', closedAt: at };
}

function unprepared({ prepared: _prepared, release: _release, ...incident }: Incident): Incident {
  return incident;
}

function withoutExemption({ exemption: _exemption, ...incident }: Incident): Incident {
  return incident;
}

function refusal(code: string, message: string): ComplianceError {
  return new ComplianceError({ code, message: `${message}; nothing was changed` });
}
