import type { Entry } from './entry.ts';
import type {
  ContactPointExplanation,
  DecisionExplanation,
  ExplainedReason,
  ExplainedSubject,
  Explanation,
  RuleFinding,
  TimelineItem,
} from './explain.ts';
import { renderStanding } from './render-standing.ts';

/** An explanation as text for a terminal: UTC times, no colour, no personal data. */
export function renderExplanation(explanation: Explanation): string {
  switch (explanation.kind) {
    case 'decision':
      return renderDecision(explanation);
    case 'contactPoint':
      return renderContactPoint(explanation);
    case 'nothing':
      return lines([
        `Nothing is recorded of decision ${explanation.decisionId}: it is neither in the log nor waiting for it.`,
        'A decision made in the last few seconds may not show yet. One without a record never allowed a contact.',
      ]);
  }
}

function renderDecision(decision: DecisionExplanation): string {
  const { name, hash, atHand } = decision.policy;
  return lines([
    `Decision ${decision.decisionId}: ${decision.effect}`,
    `  decided   ${decision.at}${decision.client === undefined ? '' : ` for ${decision.client}`}`,
    `  contact   ${contactOf(decision)}`,
    `  policy    ${name} (SHA-256 ${hash})${atHand ? '' : ', not at hand: its rules cannot be asked again'}`,
    `  log       ${placeOf(decision.index)}`,
    ...(decision.nextAllowedAt === undefined ? [] : [`  permitted again from ${decision.nextAllowedAt}`]),
    ...(decision.legalAlert === undefined
      ? []
      : [`  alert to Legal with the answer: ${decision.legalAlert}`]),
    'Why',
    ...(decision.reasons.length === 0 ? ['  No rule stood against it.'] : decision.reasons.map(reasonLine)),
    ...(decision.subjects.length === 0
      ? ['No contact point is recorded: none could be made out, or none may be stored here.']
      : decision.subjects.flatMap(renderSubject)),
  ]);
}

function renderSubject(subject: ExplainedSubject): readonly string[] {
  const registries = subject.registries.map(
    ({ registry, listed, versionAt }) =>
      `    registry ${registry}, version of ${day(versionAt)}: ${listed ? 'listed' : 'not listed'}`,
  );
  return [
    `Contact point ${subject.token}: ${subject.effect}`,
    '  Facts seen',
    `    country ${subject.country}${subject.areaCode === undefined ? '' : `, area code ${subject.areaCode}`}`,
    `    time zones ${subject.timeZones.length === 0 ? 'unknown' : subject.timeZones.join(', ')}`,
    ...registries,
    ...renderStanding(subject.standing).map((line) => `    ${line}`),
    ...(subject.rules.length === 0 ? [] : ['  Rule by rule', ...subject.rules.map(ruleLine)]),
  ];
}

function ruleLine({ ruleId, citation, outcome, codes, liftedBy = [] }: RuleFinding): string {
  const said = {
    BLOCKS: `blocks: ${codes.join(', ')}`,
    PASSES: liftedBy.length === 0 ? 'nothing against it' : `lifted by ${liftedBy.join(', ')}`,
    NOT_ASKED: 'does not apply',
  };
  return `    ${ruleId} (${citation}): ${said[outcome]}`;
}

function renderContactPoint(explanation: ContactPointExplanation): string {
  const { token, known, version, pendingCount, erasedAt, standing, timeline } = explanation;
  return lines([
    `Contact point ${token}`,
    known
      ? `Stands now (version ${version}; ${pendingCount} waiting for the log)`
      : 'Nothing is stored of it: registries and the policy alone decide.',
    ...(erasedAt === undefined ? [] : [`  ERASED at ${erasedAt}: the clear value cannot be read any more`]),
    ...(known ? renderStanding(standing).map((line) => `  ${line}`) : []),
    timeline.length === 0 ? 'Nothing is recorded of it.' : 'Recorded',
    ...timeline.flatMap(renderItem),
    "Rows of scrubbed contact lists are not listed here: each scrub's evidence object names them.",
  ]);
}

function renderItem({ at, index, entry, reasons }: TimelineItem): readonly string[] {
  return [
    `  ${at}  ${summaryOf(entry)}  [${placeOf(index)}]`,
    ...reasons.map((reason) => `  ${reasonLine(reason)}`),
  ];
}

/** An entry in one line, without personal data. */
export function summaryOf(entry: Entry): string {
  switch (entry.kind) {
    case 'decision':
      return `decision ${entry.decisionId}: ${entry.effect} for ${contactOf(entry)}`;
    case 'fact':
      return factSummary(entry.fact);
    case 'parked':
      return `event parked: ${entry.cause}; ${entry.suppressed} suppressed`;
    case 'scrub':
      return `scrub ${entry.jobId}: ${entry.outcome}`;
    case 'registry':
      return `registry ${entry.registry}: version of ${day(entry.versionAt)} put into use`;
    case 'erasure':
      return erasureSummary(entry);
    case 'subject-request':
      return `request ${entry.requestId} (${entry.type}): ${entry.event} by ${entry.by}, now ${entry.state}`;
    case 'notice':
      return `breach notice of incident ${entry.incidentId} on ${entry.channel} in ${entry.template.language}: taken by the dialler`;
    case 'incident':
      return `incident ${entry.incidentId}: ${entry.event} by ${entry.by}, now ${entry.state}`;
    case 'notice-template':
      return `template ${entry.template} ${entry.language} ${entry.channel}, version ${entry.templateVersion}: ${entry.event} by ${entry.by}`;
    case 'coverage':
      return coverageSummary(entry);
    case 'coverage-judgement':
      return `contact without a decision ${entry.gapId} (${entry.outcome}): judged ${entry.reason} by ${entry.by}`;
  }
}

function erasureSummary({ reason, by, caseId, destroyed }: Extract<Entry, { kind: 'erasure' }>): string {
  const { dataKey, ...counts } = destroyed;
  const gone = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  const lost = [dataKey ? 'data key' : 'no data key was there', ...gone].join(', ');
  return `ERASED (${reason}${caseId === undefined ? '' : `, case ${caseId}`}) by ${by}: ${lost}; one suppression kept`;
}

function coverageSummary({ from, to, counts }: Extract<Entry, { kind: 'coverage' }>): string {
  const found = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  return `outbound contacts from ${from} to ${to} held against decisions: ${found.join(', ')}`;
}

type FactOfEntry = Extract<Entry, { kind: 'fact' }>['fact'];

function factSummary(fact: FactOfEntry): string {
  if (fact.kind === 'hold') {
    return `litigation hold ${fact.caseId} ${fact.action} by ${fact.by} at ${iso(fact.at)}`;
  }
  if (fact.kind === 'review')
    return `review ${fact.reviewId}: ${fact.outcome} by ${fact.by} at ${iso(fact.at)}`;
  const ends = 'expiresAt' in fact && fact.expiresAt !== undefined ? `, until ${iso(fact.expiresAt)}` : '';
  const times = `effective ${iso(fact.effectiveAt)}, received ${iso(fact.receivedAt)}${ends}`;
  return `${statementOf(fact)}, from ${fact.source} (${fact.eventId}): ${times}`;
}

function statementOf(fact: Exclude<FactOfEntry, { kind: 'hold' | 'review' }>): string {
  switch (fact.kind) {
    case 'suppression':
      return `opt-out ${fact.reason} on ${fact.channel}, ${sellerOf(fact.seller)}`;
    case 'consent':
      return `${fact.status === 'SOFT_OPT_IN' ? 'soft opt-in' : `consent ${fact.status}`} on ${fact.channel} for ${fact.purpose}, ${sellerOf(fact.seller)}`;
    case 'conversation':
      return `conversation, ${sellerOf(fact.seller)}`;
    case 'relationship':
      return `${fact.event.toLowerCase()}, ${sellerOf(fact.seller)}`;
    case 'reassignment':
      return `Reassigned Numbers Database answered ${fact.answer}`;
  }
}

function sellerOf(seller: string): string {
  return seller === '*' ? 'every seller' : seller;
}

function reasonLine({ code, sentence, ruleId, citation, note }: ExplainedReason): string {
  const rule = [ruleId, citation].filter((part) => part !== undefined && part !== '').join(': ');
  return `  ${code}: ${sentence}${rule === '' ? '' : ` [${rule}]`}${note === undefined ? '' : ` ${note}`}`;
}

function contactOf({ contact }: { readonly contact: DecisionExplanation['contact'] }): string {
  const { channel = 'unknown channel', purpose = 'unknown purpose', seller, ...ids } = contact;
  const rest = Object.entries(ids).map(([name, id]) => `${name} ${id}`);
  return [
    `${channel} ${purpose}`,
    seller === undefined ? 'no seller named' : `seller ${seller}`,
    ...rest,
  ].join(', ');
}

function placeOf(index: number | null): string {
  return index === null ? 'waits for the log' : `entry ${index}`;
}

function day(at: number): string {
  return iso(at).slice(0, 10);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
