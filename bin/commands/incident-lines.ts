import type { ShownClock, ShownIncident, ShownTemplate } from './incident-answers.ts';

const HOUR_MS = 3_600_000;
const BAR = 40;

/** Incidents as an officer reads them in a list, the most urgent first. */
export function incidentListLines(incidents: readonly ShownIncident[], now: number): readonly string[] {
  if (incidents.length === 0) return ['No incident is open.'];
  return incidents.flatMap((incident) => [
    `${incident.id}  ${incident.reference}, ${incident.state}, ${urgency(incident, now)}`,
    `  ${waitsFor(incident)}`,
  ]);
}

/** One incident whole. */
export function incidentLines(incident: ShownIncident, now: number): readonly string[] {
  const { dataElements, jurisdictions, persons, affected, documents } = incident;
  return [
    ...incidentListLines([incident], now),
    `  reported by ${incident.receivedBy} (${incident.source}) at ${incident.receivedAt}, known at ${incident.knownAt}`,
    `  ${incident.role}, risk ${incident.risk ?? 'not judged'}, ${persons ?? 'unknown number of'} people in ${jurisdictions.join(', ')}`,
    `  data: ${dataElements.length === 0 ? 'not said' : dataElements.join(', ')}`,
    ...(affected === null ? [] : [`  list: ${affected.rows} people, sha256 ${affected.sha256}`]),
    ...actLines(incident),
    ...section(
      'Clocks',
      incident.clocks.map((clock) => clockLine(clock, now)),
    ),
    ...section(
      'Who was told',
      incident.authorityNotices.map(
        ({ clock, authority, phase, at, by }) => `${at}  ${authority} (${clock}, ${phase}) by ${by}`,
      ),
    ),
    ...section(
      'Documents',
      documents.map(({ about, id, sha256 }) => `${about}  ${id} sha256 ${sha256}`),
    ),
    ...section('Notices', noticeLines(incident)),
  ];
}

/** How far the notices of an incident have come: a bar, and how many are in which state. */
export function noticeLines({
  notices,
  affected,
}: Pick<ShownIncident, 'notices' | 'affected'>): readonly string[] {
  if (notices === undefined) return [];
  const counted = Object.entries(notices).filter(([, count]) => count > 0);
  const total = Math.max(
    affected?.rows ?? 0,
    counted.reduce((sum, [, count]) => sum + count, 0),
  );
  const open = counted.reduce((sum, [state, count]) => sum + (MOVING.has(state) ? count : 0), 0);
  const known = counted.reduce((sum, [, count]) => sum + count, 0);
  const done = known - open;
  const filled = total === 0 ? 0 : Math.floor((done / total) * BAR);
  return [
    `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done} of ${total}`,
    ...counted.map(([state, count]) => `${state.padEnd(16)}${String(count).padStart(9)}`),
  ];
}

/** Notices that are on their way. */
const MOVING: ReadonlySet<string> = new Set(['PENDING', 'SENDING']);

/** Texts as they are listed: which of them may be used. */
export function templateLines(templates: readonly ShownTemplate[]): readonly string[] {
  if (templates.length === 0) return ['No text has been written.'];
  return templates.map(({ name, language, channel, version, author, approval }) => {
    const said =
      approval === undefined
        ? 'NOT APPROVED'
        : `approved by ${approval.by} at ${new Date(approval.at).toISOString()}`;
    return `${name}  ${language}  ${channel}  version ${version}  written by ${author}, ${said}`;
  });
}

/** The one that is due first in front; what is closed comes last. */
export function byUrgency(one: ShownIncident, other: ShownIncident): number {
  const isClosed = (incident: ShownIncident) => Number(incident.state === 'CLOSED');
  const due = ({ nextDueAt }: ShownIncident) => nextDueAt ?? '9999';
  return isClosed(one) - isClosed(other) || due(one).localeCompare(due(other));
}

function actLines({ template, prepared, release, exemption, waivers }: ShownIncident): readonly string[] {
  return [
    ...(prepared === null
      ? []
      : [`  notices ${template?.name ?? ''} prepared by ${prepared.by} at ${prepared.at}`]),
    ...(release === null ? [] : [`  released by ${release.by} at ${release.at}`]),
    ...(exemption === null
      ? []
      : [`  exempt: ${exemption.ground} (${exemption.document}) by ${exemption.by}`]),
    ...waivers.map(({ clock, document, by }) => `  waived: ${clock} (${document}) by ${by}`),
  ];
}

function clockLine(
  { id, to, state, dueAt, metAt, delayReason, citation, contested }: ShownClock,
  now: number,
): string {
  const due =
    dueAt === undefined
      ? 'without undue delay'
      : `due ${dueAt}${state === 'OPEN' || state === 'DUE' ? ` (${left(dueAt, now)})` : ''}`;
  const met =
    metAt === undefined
      ? ''
      : `, told ${metAt}${delayReason === undefined ? '' : `, reasons ${delayReason}`}`;
  const doubt = contested === undefined ? '' : ` ! ${contested}`;
  return `${state.padEnd(8)}  ${id} -> ${to}: ${due}${met} [${citation}]${doubt}`;
}

function urgency({ state, closedAt, nextDueAt, clocks }: ShownIncident, now: number): string {
  if (state === 'CLOSED') return `closed ${closedAt?.slice(0, 10) ?? ''}`;
  const late = clocks.filter((clock) => clock.state === 'LATE').length;
  if (late > 0) return `LATE: ${late} ${late === 1 ? 'clock' : 'clocks'}`;
  return nextDueAt === null ? 'no clock with a number runs' : `due ${nextDueAt} (${left(nextDueAt, now)})`;
}

function left(dueAt: string, now: number): string {
  const hours = Math.floor((Date.parse(dueAt) - now) / HOUR_MS);
  return `${hours} hours left`;
}

function waitsFor({ id, state, risk, exemption, affected }: ShownIncident): string {
  const command = (text: string) => `npx dialguard incident ${text}`;
  switch (state) {
    case 'REPORTED':
      return `waits for somebody to judge it: ${command(`assess ${id} --risk ... --by ...`)}`;
    case 'ASSESSED':
      if (risk === 'UNLIKELY' || exemption !== null)
        return `people need not be told: ${command(`close ${id} --by ...`)}`;
      if (affected === null)
        return `waits for the list of who is to be told: ${command(`affected ${id} FILE --by ...`)}`;
      return `waits for its notices: ${command(`prepare ${id} --template ... --by ...`)}`;
    case 'READY':
      return `waits for a second person: ${command(`release ${id} --by ...`)}`;
    case 'NOTIFYING':
      return `people are being told: ${command(`watch ${id}`)}`;
    case 'NOTIFIED':
      return `people were told; what is left are documents and authorities: ${command(`show ${id}`)}`;
    case 'CLOSED':
      return `is kept in the register: ${command('register')}`;
  }
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
