import type {
  Standing,
  StandingConsent,
  StandingEvent,
  StandingHold,
  StandingSuppression,
} from './standing.ts';

/** What stands, a line each; a single line where nothing was ever said. */
export function renderStanding(standing: Standing): readonly string[] {
  const { suppressions, consents, holds, events, attempts } = standing;
  const said = [...holds.map(holdLine), ...suppressions.map(suppressionLine), ...consents.map(consentLine)];
  return [
    ...(said.length === 0 ? ['no hold, suppression or consent'] : said),
    ...events.map(eventLine),
    ...(attempts === 0 ? [] : [`${attempts} allowed attempt${attempts === 1 ? '' : 's'} counted`]),
  ];
}

function holdLine({ caseId, placedBy, placedAt, releases, standing }: StandingHold): string {
  const released = releases.map(({ by, at }) => `, released by ${by} at ${at}`).join('');
  return `litigation hold ${caseId} ${standing ? 'STANDS' : 'ended'}: placed by ${placedBy} at ${placedAt}${released}`;
}

function suppressionLine(suppression: StandingSuppression): string {
  const { channel, reason, seller, source, eventId, standing } = suppression;
  const what = `suppression ${reason} on ${channel}, ${sellerOf(seller)}, from ${source} (${eventId})`;
  return `${what} ${standing ? 'STANDS' : 'has ended'}: ${times(suppression)}`;
}

function consentLine(consent: StandingConsent): string {
  const { channel, purpose, seller, said, source, proved, positions, stands, keepProof } = consent;
  const counts = new Set(positions.map(({ status }) => status));
  const what = `${stands === undefined ? `consent ${said}` : 'soft opt-in'} on ${channel} for ${purpose}`;
  const who = `${sellerOf(seller)}, from ${source}${proved ? ', with proof' : ''}`;
  const end =
    stands === undefined
      ? `where it bears, the person stands at ${[...counts].join(', ')}`
      : `it ${stands ? 'STANDS' : 'has ended'}`;
  const kept =
    keepProof === undefined
      ? ''
      : `; keep the proof until ${keepProof.until} (${keepProof.ruleId}: ${keepProof.citation})`;
  return `${what}, ${who}: ${times(consent)}; ${end}${kept}`;
}

function eventLine({ event, seller, source, at }: StandingEvent): string {
  const what = event.toLowerCase().replaceAll('_', ' ');
  return `${what}, ${sellerOf(seller)}, from ${source}: last on ${at}`;
}

function times({ effectiveAt, firstEffectiveAt, receivedAt, expiresAt }: Times): string {
  return [
    `effective ${effectiveAt}`,
    ...(firstEffectiveAt === undefined ? [] : [`first ${firstEffectiveAt}`]),
    `received ${receivedAt}`,
    expiresAt === undefined ? 'no end' : `until ${expiresAt}`,
  ].join(', ');
}

type Times = Pick<StandingSuppression, 'effectiveAt' | 'firstEffectiveAt' | 'receivedAt' | 'expiresAt'>;

function sellerOf(seller: string): string {
  return seller === '*' ? 'every seller' : `seller ${seller}`;
}
