import type { Rule } from '../policy.ts';
import { UNITED_STATES } from './us-federal.ts';

const ALL_CHANNELS: Rule['channels'] = ['VOICE', 'SMS', 'EMAIL'];
const EVERYWHERE = { except: [] };

/** Whom no channel is left for is told by letter: the duty has no opt-out. */
const BREACH_NOTICE_CHANNEL = {
  jurisdiction: EVERYWHERE,
  channels: [...ALL_CHANNELS],
  purposes: ['BREACH_NOTICE'],
  citation: 'GDPR Art 34; operator policy',
  mark: 'O',
  effectiveFrom: '1970-01-01',
  contested: false,
  note: 'Ends a channel for breach notices, never the notice: refusals of marketing alone do not count, those of everything or of service contacts do.',
} satisfies Partial<Rule>;

/** What a person asked for, what the operator decided, and hours where no statute names any. */
export const HOUSE_RULES: readonly Rule[] = [
  {
    id: 'litigation-hold',
    kind: 'hold',
    jurisdiction: EVERYWHERE,
    channels: ALL_CHANNELS,
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION', 'BREACH_NOTICE'],
    citation: 'Operator duty to preserve evidence',
    mark: 'O',
    effectiveFrom: '1970-01-01',
    contested: false,
  },
  {
    id: 'company-do-not-contact',
    kind: 'suppression',
    reasons: ['CUSTOMER_REQUEST', 'OBJECTION'],
    exemptions: [{ kind: 'consent' }],
    jurisdiction: EVERYWHERE,
    channels: ALL_CHANNELS,
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION'],
    citation: '47 CFR 64.1200(d)(3), (a)(10); GDPR Art 21(2)-(3)',
    mark: 'Sq',
    effectiveFrom: '1970-01-01',
    contested: false,
    note: 'A request ends every purpose but a breach notice, whose duty no opt-out ends (GDPR Art 34). FCC 26-67 (2026, not yet in effect) would let some requests end less; all is kept to.',
  },
  {
    id: 'operator-suppression',
    kind: 'suppression',
    reasons: ['INTERNAL_POLICY', 'PROVISIONAL'],
    jurisdiction: EVERYWHERE,
    channels: ALL_CHANNELS,
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION'],
    citation: 'Operator policy',
    mark: 'O',
    effectiveFrom: '1970-01-01',
    contested: false,
  },
  {
    id: 'consent-withdrawn',
    kind: 'revocation',
    jurisdiction: EVERYWHERE,
    channels: ALL_CHANNELS,
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION'],
    citation: 'GDPR Art 7(3), 21(3); 47 CFR 64.1200(a)(10)',
    mark: 'Sq',
    effectiveFrom: '1970-01-01',
    contested: false,
  },
  {
    id: 'breach-notice-channel-request',
    kind: 'suppression',
    reasons: ['CUSTOMER_REQUEST', 'OBJECTION'],
    reach: 'AS_ASKED',
    judgedAs: 'SERVICE',
    ...BREACH_NOTICE_CHANNEL,
  },
  {
    id: 'breach-notice-channel-withdrawn',
    kind: 'revocation',
    judgedAs: 'SERVICE',
    ...BREACH_NOTICE_CHANNEL,
  },
  {
    id: 'house-calling-hours',
    kind: 'callingWindow',
    windows: [{ days: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], from: '08:00', until: '21:00' }],
    jurisdiction: { except: UNITED_STATES },
    channels: ['VOICE', 'SMS'],
    purposes: ['MARKETING', 'COLLECTION'],
    citation: 'Operator policy',
    mark: 'O',
    effectiveFrom: '1970-01-01',
    contested: false,
    note: 'Where no statute names hours, the house keeps to these.',
  },
];
