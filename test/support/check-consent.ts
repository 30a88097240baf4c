import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { v7 } from 'uuid';
import * as z from 'zod';
import { type CheckConsentDeps, createCheckConsent } from '../../lambdas/check-consent/check-consent.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { Answer } from '../../lib/domain/decision/answer.ts';
import { DecisionEntry, Entry } from '../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { LegalAlerts } from '../../lib/domain/ports.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { changeByFact } from '../../lib/domain/state/record-fact.ts';
import { TABLES, type TestDynamoDb } from './dynalite.ts';
import { NOON } from './facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from './numbers.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

export type Alert = Parameters<LegalAlerts['attemptBlocked']>[0];

/** Genesys reads flat objects: every value a string, every field there. */
export const FlatAnswer = z.strictObject({
  decision: z.enum(['ALLOW', 'BLOCK']),
  decisionId: z.uuid(),
  reason: z.string().min(1),
  reasons: z.string(),
  policyVersion: z.string().min(1),
  checkedAt: z.iso.datetime(),
  nextAllowedAt: z.union([z.literal(''), z.iso.datetime()]),
});
export type FlatAnswer = z.infer<typeof FlatAnswer>;

export const HttpAnswer = z.strictObject({
  statusCode: z.literal(200),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** A check-consent over the real adapters, with a clock that a test moves and everything it says recorded. */
export class CheckConsentWorld {
  readonly db: TestDynamoDb;
  readonly alerts: Alert[] = [];
  readonly recorded = recordedTelemetry(() => this.now);
  readonly contactPoints: DynamoContactPoints;
  now = NOON;

  constructor(db: TestDynamoDb) {
    this.db = db;
    this.contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  }

  handler(given: Partial<CheckConsentDeps> = {}) {
    return createCheckConsent({
      facts: new DynamoDecisionFacts(this.db.client, TABLES),
      contactPoints: this.contactPoints,
      progress: { isLoggedUntil: async () => true },
      alerts: { attemptBlocked: async (alert) => void this.alerts.push(alert) },
      pepper: async () => PEPPER,
      policy: DEFAULT_POLICY,
      residency: 'US',
      // Far more than any machine needs; what happens at its end is tested with a budget of its own.
      budgetMs: 120_000,
      now: () => this.now,
      newId: v7,
      telemetry: this.recorded.telemetry,
      ...given,
    });
  }

  /** Asks as a Genesys data action does. */
  async check(input: object, given: Partial<CheckConsentDeps> = {}): Promise<FlatAnswer> {
    return FlatAnswer.parse(await this.handler(given)({ ...CALL, ...input }));
  }

  /** Asks as an HTTP client does. */
  async post(
    body: unknown,
    scope = 'dialguard/check',
    given: Partial<CheckConsentDeps> = {},
  ): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = HttpAnswer.parse(await this.handler(given)(apiEvent(text, scope)));
    return Answer.strict().parse(JSON.parse(answer.body));
  }

  async tell(e164: string, ...facts: readonly Fact[]): Promise<void> {
    const token = tokenOfNumber(e164, PEPPER);
    for (const fact of facts) {
      const event = { entryId: v7(), now: this.now };
      await this.contactPoints.change(token, (from) => changeByFact(from, fact, event));
    }
  }

  /** Every item of the table, as plain objects. */
  async items(): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.db.client.send(new ScanCommand({ TableName: TABLES.contactPoints }));
    return Items.map((item) => unmarshall(item));
  }

  /** Every entry that waits for the log. */
  async entries(): Promise<Entry[]> {
    const items = await this.items();
    return items.flatMap(({ pending = {} }) =>
      Object.values(z.record(z.string(), z.string()).parse(pending)).map((line) =>
        Entry.parse(JSON.parse(line)),
      ),
    );
  }

  /** The one entry of a decision; throws if there is none, or more than one. */
  async entryOf(decisionId: string): Promise<DecisionEntry> {
    const found = (await this.entries()).filter(({ id }) => id === decisionId);
    return z.tuple([DecisionEntry]).parse(found)[0];
  }

  /** Allowed attempts that are counted for a number. */
  async attempts(e164: string): Promise<number> {
    const [found] = await this.contactPoints.read([tokenOfNumber(e164, PEPPER)]);
    return found?.state.attempts.length ?? 0;
  }
}

/** A marketing call made by a person that nothing speaks against, once the registry is loaded. */
export const CALL = {
  phoneNumber: NUMBERS.newYork,
  channel: 'VOICE',
  purpose: 'MARKETING',
  seller: 'acme',
  technology: 'LIVE',
} as const;

export function apiEvent(body: string, scope = 'dialguard/check', clientId = 'dialler-1'): object {
  return {
    version: '2.0',
    routeKey: 'POST /v1/checks',
    body,
    isBase64Encoded: false,
    requestContext: {
      http: { method: 'POST', path: '/v1/checks' },
      authorizer: { jwt: { claims: { client_id: clientId, scope }, scopes: [scope] } },
    },
  };
}
