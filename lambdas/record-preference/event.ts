import * as z from 'zod';
import { bodyOf, ContactPointFields, namesOne } from '../../lib/adapters/http/contact-point-input.ts';
import { StatedTime } from '../../lib/adapters/http/stated-time.ts';
import { AskedPurpose, ConsentEvent, Evidence, Proof } from '../../lib/domain/state/facts.ts';
import { ChannelScope, OpaqueId, PurposeScope, SellerScope, Source } from '../../lib/domain/vocabulary.ts';

export const MAX_PHONE_NUMBERS = 100;

const Statement = {
  ...ContactPointFields,
  channel: ChannelScope,
  source: Source,
  by: OpaqueId,
  /** When the person said so; the time of arrival where absent. */
  effectiveAt: StatedTime.optional(),
  expiresAt: StatedTime.optional(),
  /** The caller's id of this statement: sent again, it is the same statement. */
  eventId: OpaqueId.optional(),
};

/** POST /v1/opt-outs */
export const OptOutRequest = bodyOf({
  ...Statement,
  phoneNumbers: z.array(z.string().max(512)).min(1).max(MAX_PHONE_NUMBERS).optional(),
  seller: SellerScope.default('*'),
  reason: z.enum(['CUSTOMER_REQUEST', 'OBJECTION', 'INTERNAL_POLICY']).default('CUSTOMER_REQUEST'),
  evidence: Evidence.optional(),
  /** What the contact was about that the person answers, where that is known. It ends every purpose all the same. */
  purpose: AskedPurpose.optional(),
})
  .refine(({ phoneNumber, phoneNumbers, email }) => namesOne(phoneNumber, phoneNumbers, email), {
    error: 'expected exactly one of phoneNumber, phoneNumbers, email',
  })
  // A person's own request has no end: 47 CFR 64.1200(d)(6), GDPR Art 21(3).
  .refine(({ reason, expiresAt }) => expiresAt === undefined || reason === 'INTERNAL_POLICY', {
    path: ['expiresAt'],
    error: 'expected none: only INTERNAL_POLICY may expire',
  })
  .refine(endsAfterItBegins, { path: ['expiresAt'], error: 'expected a time after effectiveAt' });
export type OptOutRequest = z.infer<typeof OptOutRequest>;

/** POST /v1/consents */
export const ConsentRequest = bodyOf({
  ...Statement,
  purpose: PurposeScope,
  seller: SellerScope,
  status: ConsentEvent,
  proof: Proof.optional(),
})
  .refine(({ phoneNumber, email }) => namesOne(phoneNumber, email), {
    error: 'expected exactly one of phoneNumber, email',
  })
  .refine(({ status, proof }) => status !== 'GRANTED' || proof !== undefined, {
    path: ['proof'],
    error: 'expected the proof of the consent (GDPR Art 7(1))',
  })
  .refine(({ status, proof }) => (status === 'SOFT_OPT_IN') === (proof?.softOptIn !== undefined), {
    path: ['proof', 'softOptIn'],
    error: 'expected it for SOFT_OPT_IN, and for nothing else',
  })
  // Directive 2002/58/EC Art 13(2): the same seller, by electronic mail, for its own products.
  .refine(
    ({ status, channel, purpose, seller }) =>
      status !== 'SOFT_OPT_IN' ||
      ((channel === 'SMS' || channel === 'EMAIL') && purpose === 'MARKETING' && seller !== '*'),
    { path: ['status'], error: 'expected channel SMS or EMAIL, purpose MARKETING and one seller' },
  )
  .refine(({ status, expiresAt }) => expiresAt === undefined || permits(status), {
    path: ['expiresAt'],
    error: 'expected none: a withdrawal and an objection do not expire',
  })
  .refine(endsAfterItBegins, { path: ['expiresAt'], error: 'expected a time after effectiveAt' });
export type ConsentRequest = z.infer<typeof ConsentRequest>;

/** Whether a consent event permits contact, now or once it is confirmed. */
export function permits(status: ConsentEvent): boolean {
  return status === 'GRANTED' || status === 'PENDING' || status === 'SOFT_OPT_IN';
}

function endsAfterItBegins(times: {
  effectiveAt?: number | undefined;
  expiresAt?: number | undefined;
}): boolean {
  const { effectiveAt, expiresAt } = times;
  return effectiveAt === undefined || expiresAt === undefined || expiresAt > effectiveAt;
}
