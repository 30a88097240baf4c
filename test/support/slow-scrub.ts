import { createHmac } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { areaCodeOf } from '../../lib/domain/contact-point/nanp.ts';
import { parseWithLibrary } from '../../lib/domain/contact-point/phone-number.ts';
import { regionsOf } from '../../lib/domain/contact-point/regions.ts';
import { residencyOf } from '../../lib/domain/contact-point/residency.ts';
import { isToken, type Token } from '../../lib/domain/contact-point/token.ts';
import { combine } from '../../lib/domain/decision/combine.ts';
import { type Decision, decide } from '../../lib/domain/decision/decide.ts';
import type { ContactPoints } from '../../lib/domain/ports.ts';
import { versionAtFor } from '../../lib/domain/registry/version.ts';
import type { ScrubBasis } from '../../lib/domain/scrub/scrub-file.ts';

const Records = z.array(z.record(z.string(), z.string()));

/** A row as the slow scrub decided it, and its line of evidence. */
export type SlowRow = { readonly outcome: string; readonly evidence: string };

type Finding = {
  readonly outcome: string;
  readonly reason: string;
  readonly ruleId: string;
  readonly tokens: readonly Token[];
};

/**
 * Scrubs a list that is not refused as slowly and as plainly as can be: a CSV library, the phone number library and an
 * HMAC object for every cell, one decision for every contact point, nothing remembered. What lib/domain/scrub is held to.
 * Profiles without address columns; the header on one line.
 */
export async function slowScrub(
  file: string,
  basis: ScrubBasis,
  contactPoints: Pick<ContactPoints, 'read'>,
): Promise<readonly SlowRow[]> {
  const found: unknown = parse(file, {
    columns: true,
    bom: true,
    delimiter: basis.profile.delimiter,
    record_delimiter: ['\r\n', '\n'],
  });
  const rows: SlowRow[] = [];
  let line = 2;
  for (const [index, record] of Records.parse(found).entries()) {
    const { outcome: decision, tokens, reason, ruleId } = await findingOf(record, basis, contactPoints);
    const evidence = canonicalJson({ decision, line, reason, row: index + 2, ruleId, tokens });
    rows.push({ outcome: decision, evidence });
    line += Object.values(record).join('').split('\n').length;
  }
  return rows;
}

async function findingOf(
  record: Readonly<Record<string, string>>,
  basis: ScrubBasis,
  contactPoints: Pick<ContactPoints, 'read'>,
): Promise<Finding> {
  const { profile, residency } = basis;
  const filled = (names: readonly string[]) =>
    names.map((name) => record[name] ?? '').filter((text) => text.trim() !== '');
  const phones = filled(profile.phoneColumns).map((text) => parseWithLibrary(text, profile.defaultRegion));
  const mails = filled(profile.emailColumns).map((text) => parseEmailAddress(text));
  const found = [...phones, ...mails];
  const nothing = { tokens: [], ruleId: '' };
  for (const one of found) {
    if (one.kind === 'unreadable') return { ...nothing, outcome: 'QUARANTINED', reason: one.cause };
  }
  const abroad = phones.flatMap((one) => (one.kind === 'phone' ? [residencyOf(one.country)] : []));
  const elsewhere = abroad.findLast((one) => one !== residency);
  if (elsewhere !== undefined) {
    return { ...nothing, outcome: 'OTHER_REGION', reason: 'WRONG_REGION', ruleId: `residency:${elsewhere}` };
  }
  if (found.length === 0) return { ...nothing, outcome: 'QUARANTINED', reason: 'NO_CONTACT_POINT' };
  const tokens: Token[] = [];
  const decisions: Decision[] = [];
  for (const one of found) {
    if (one.kind === 'unreadable') continue;
    const token = slowToken(basis, one.canonical);
    tokens.push(token);
    decisions.push(
      await slowDecision(one.kind === 'phone' ? one : undefined, token, { basis, contactPoints }),
    );
  }
  const decision = combine(decisions);
  if (decision.effect === 'ALLOW') return { ...nothing, outcome: 'APPROVED', reason: '', tokens };
  const [ground] = decision.reasons;
  return { outcome: 'REJECTED', reason: ground?.code ?? '', ruleId: ground?.ruleId ?? '', tokens };
}

function slowToken({ pepper }: ScrubBasis, canonical: string): Token {
  const token = `${pepper.version}.${createHmac('sha256', pepper.pepper).update(canonical).digest('base64url')}`;
  if (!isToken(token)) throw new TypeError('expected a token');
  return token;
}

async function slowDecision(
  phone: Parameters<typeof regionsOf>[0] | undefined,
  token: Token,
  { basis, contactPoints }: { basis: ScrubBasis; contactPoints: Pick<ContactPoints, 'read'> },
): Promise<Decision> {
  const { profile, policy, watermark, registries } = basis;
  const [contactPoint] = await contactPoints.read([token]);
  if (contactPoint === undefined) throw new TypeError('expected a contact point');
  const facts =
    phone === undefined
      ? []
      : await Promise.all(
          registries.map(async (membership) => {
            const [isListed = true] = await membership.listed([phone.e164]);
            const { registry, areaCodes } = membership.version;
            return {
              registry,
              listed: isListed,
              versionAt: versionAtFor(membership.version, phone.e164),
              areaCodes,
            };
          }),
        );
  const subject =
    phone === undefined
      ? { country: profile.defaultRegion ?? 'ZZ', regions: [], timeZones: [] }
      : { country: phone.country, regions: regionsOf(phone), areaCode: areaCodeOf(phone), timeZones: [] };
  const decision = decide(
    { scope: profile, subject, state: contactPoint.state, registries: facts, now: watermark },
    policy,
    'SCRUB',
  );
  const isReached = (profile.channel === 'EMAIL') === (phone === undefined);
  if (isReached || decision.effect === 'ALLOW') return decision;
  const reasons = decision.reasons.filter(({ code }) =>
    ['LITIGATION_HOLD', 'SUPPRESSED', 'CONSENT_WITHDRAWN'].includes(code),
  );
  return reasons.length === 0 ? { effect: 'ALLOW', reasons: [] } : { effect: 'BLOCK', reasons };
}
