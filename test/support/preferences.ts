// What the tests of record-preference have in common: requests, and what a check says after them.
import * as z from 'zod';
import { decide } from '../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { contextOf } from './contexts.ts';
import { PROOF } from './facts.ts';
import { apiEvent, type createMemoryIntake } from './intake.ts';
import { PEPPER, tokenOfNumber } from './numbers.ts';

export const A = '+17815550151';
export const LONDONER = '+442079460151';
export const OPT_OUT = { phoneNumber: A, channel: 'ALL', source: 'WEBSITE_FORM', by: 'web-form' };
export const CONSENT = {
  phoneNumber: A,
  channel: 'VOICE',
  purpose: 'MARKETING',
  seller: 'acme',
  source: 'WEBSITE_FORM',
  by: 'web-form',
};
export const GRANT = { ...CONSENT, status: 'GRANTED', proof: PROOF };
export const WITHDRAWAL = { ...CONSENT, status: 'WITHDRAWN' };
export const iso = (ms: number) => new Date(ms).toISOString();

export type Intake = ReturnType<typeof createMemoryIntake>;
const Body = z.record(z.string(), z.unknown());

type PreferenceRoute = 'opt-outs' | 'consents' | 'conversations' | 'relationships' | 'reassignments';

export async function post({ preferences }: Intake, route: PreferenceRoute, body: unknown) {
  const { statusCode, body: text } = await preferences(apiEvent(`POST /v1/${route}`, body));
  return { statusCode, body: Body.parse(JSON.parse(text)) };
}

export const stateOf = ({ contactPoints }: Intake, number = A) =>
  contactPoints.items.get(tokenOfNumber(number, PEPPER))?.state ?? EMPTY_STATE;
export const effectOf = (intake: Intake, given: Parameters<typeof contextOf>[0] = {}) =>
  decide(contextOf({ state: stateOf(intake), now: intake.clock.now, ...given }), DEFAULT_POLICY, 'DIAL')
    .effect;
