import type { Verdict } from '../../lib/domain/subject-request/correlate.ts';
import { printable } from './printable.ts';
import type { Shown, Summary } from './privacy-answers.ts';

const DAY_MS = 86_400_000;

/** Requests as an officer reads them in a list. */
export function listLines(requests: readonly Summary[], now: number): readonly string[] {
  if (requests.length === 0) return ['No request is open.'];
  return requests.flatMap((request) => [
    `${request.id}  ${request.type}, ${request.state}, ${deadline(request, now)}`,
    `  ${waitsFor(request)}`,
  ]);
}

/** One request whole, with personal data in clear. */
export function requestLines(request: Shown, now: number): readonly string[] {
  return [
    ...listLines([request], now),
    `  taken in by ${request.receivedBy} at ${request.receivedAt}`,
    ...section('Who asks', request.dataDestroyed ? ['(destroyed)'] : request.identifiers.map(said)),
    ...section(
      'To be replaced',
      request.replacements.map(
        ({ kind, existing, updated }) => `${kind} ${printable(existing)} by ${printable(updated)}`,
      ),
    ),
    ...section(
      'Found in Genesys Cloud',
      request.subjects.flatMap((subject) => foundLines(subject, request)),
    ),
    ...section('What is done', request.steps.map(stepLine)),
    ...section('What stays, and why', keptLines(request)),
    ...section(
      'Results',
      request.results.map((name) => `${name}  (npx dialguard privacy results ${request.id} --out FOLDER)`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function said({ kind, value }: Shown['identifiers'][number]): string {
  return `${kind} ${printable(value)}`;
}

function deadline({ state, dueOn, nominalOn, extended, endedAt }: Summary, now: number): string {
  if (state === 'COMPLETED' || state === 'REFUSED') return `ended ${endedAt?.slice(0, 10) ?? ''}`;
  const days = Math.ceil((Date.parse(dueOn) - now) / DAY_MS);
  const left = days < 0 ? `LATE by ${-days} days` : `${days} days left`;
  return `due ${dueOn}${dueOn === nominalOn ? '' : `, at best ${nominalOn}`}${extended ? ', extended' : ''} (${left})`;
}

function waitsFor({ id, state, steps, refusedFor }: Summary): string {
  const done = steps.filter((step) => step.state === 'DONE').length;
  switch (state) {
    case 'RECEIVED':
      return `waits for somebody to check who asks: npx dialguard privacy identity ${id} --method ... --by ...`;
    case 'IDENTITY_CHECKED':
    case 'SUBJECTS_FOUND':
      return 'is looked for in the connected systems; the next run is within a minute';
    case 'AWAITING_REVIEW':
      return `waits for a second person: npx dialguard privacy show ${id}, then approve or refuse`;
    case 'APPROVED':
    case 'RUNNING':
      return `is being done: ${done} of ${steps.length} steps`;
    case 'PARTIAL':
      return `${done} of ${steps.length} steps are done; npx dialguard privacy show ${id} says what is left and why`;
    case 'COMPLETED':
      return 'is done: tell the person';
    case 'REFUSED':
      return `was refused (${refusedFor ?? 'no reason'}): tell the person why, and of the right to complain`;
  }
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  MATCHED: 'two identifiers lead here, and no name differs',
  ONE_IDENTIFIER: 'ONE identifier leads here: a household may share it, a digit may be transposed. Make sure',
  NAME_DIFFERS: 'the NAME DIFFERS from what was given: it may be somebody else. Make sure',
  NAME_ONLY: 'found by the name alone: never approved',
  NO_ID: 'has no id that a request could name: never approved',
  EMPLOYEE: 'a current user of the platform: not erased while employed',
};

function foundLines(subject: Shown['subjects'][number], { approvedSubjects }: Shown): readonly string[] {
  const { key, verdict, foundBy, records, mayBeApproved } = subject;
  const state = approvedSubjects?.includes(key)
    ? 'approved'
    : mayBeApproved
      ? 'may be approved'
      : 'cannot be approved';
  return [
    `${key}: ${verdict}, ${state}: ${VERDICTS[verdict]}`,
    `  found by ${foundBy.join(', ')}`,
    ...records.map((record) => `  ${recordLine(record)}`),
  ];
}

function recordLine(record: Shown['subjects'][number]['records'][number]): string {
  const { name, phoneNumbers = [], emailAddresses = [], addresses = [], ...ids } = record;
  const known = [name ?? '(no name)', ...phoneNumbers, ...emailAddresses, ...addresses].map(printable);
  return `${known.join(', ')}  ${printable(JSON.stringify(ids))}`;
}

const SYSTEMS = {
  DIALGUARD: 'our own store',
  GENESYS_CLOUD: 'Genesys Cloud',
  MULTICLOUD: 'Genesys Multicloud CX',
};

const CAUSES: Readonly<Record<string, string>> = {
  LITIGATION_HOLD:
    'kept and restricted for a litigation hold (GDPR Art 17(3)(e), 18): tell the person; retry once it is released',
  NOT_ERASED_HERE: 'not begun, since our own store has not erased the person; retry once that is mended',
  WITHHELD_FOR_LEGAL_CLAIMS:
    'what concerns a legal claim was left out (Art 15(4)): decide whether the person is told so',
  GENESYS_ERROR: 'Genesys Cloud ended it with ERROR; all its parts have ended, so it may be retried',
  GENESYS_REFUSED: 'Genesys Cloud refused it; its code is in the log of run-subject-requests',
  UNKNOWN_SUBJECT: 'the subject is not among those found; take the request in again',
  NOT_CONNECTED: 'Genesys Cloud is not connected any more (setting genesysRegion)',
  WRONG_REGION: 'belongs to the deployment of the other residency: make the request there',
  CONTACT_POINT_UNREADABLE: 'the contact point is not among the identifiers; take the request in again',
  NO_LOG: 'no execution log came within three days: was the file carried on its day? Retry writes a new one',
  LOG_UNREADABLE: 'the execution log cannot be read: look at it, then retry',
  FILE_REFUSED: 'Genesys Multicloud CX refused the file: its log says why',
  DEVICE_UNANSWERED: 'the execution log says nothing of a device: retry',
  DEVICE_ERROR: 'Genesys Multicloud CX could not process a device: its log says why; correct it, then retry',
  NO_ARCHIVE: 'the archive of the export did not come: carry it, then retry',
};

function stepLine({ id, system, state, attempts, cause }: Summary['steps'][number]): string {
  const why = cause === undefined ? '' : `: ${CAUSES[cause] ?? cause}`;
  return `${state.padEnd(7)} ${SYSTEMS[system]} (${id}, ${attempts} attempt${attempts === 1 ? '' : 's'})${why}`;
}

/** What the person is told of what was not erased. */
function keptLines({ type, steps }: Shown): readonly string[] {
  const erased = steps.some(({ system, state }) => system === 'DIALGUARD' && state === 'DONE');
  if (type !== 'ERASURE' || !erased) return [];
  return [
    'one suppression for each contact point, by a keyed token, so that nobody contacts the person again (Art 17(3)(b), 21(3))',
    'the audit log, by tokens; what it held of the person in clear cannot be read by anybody any more (Art 17(3)(b), (e))',
  ];
}
