import { createCheckConsent } from '../../lambdas/check-consent/check-consent.ts';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import { DecisionEntry } from '../../lib/domain/log/entry.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import type { DecisionFacts } from '../../lib/domain/ports.ts';
import { Channel, Purpose } from '../../lib/domain/vocabulary.ts';
import { uuid } from './entries.ts';
import { MemoryContactPoints } from './memory-contact-points.ts';
import { ADDRESS, NUMBERS, PEPPER } from './numbers.ts';
import type { Random } from './random.ts';
import { randomMoment, randomRegistryFact, randomState } from './random-contexts.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

/**
 * The entries of `count` checks about people of whom anything may be known, as a reader of the log gets them: each
 * made by check-consent, of both regions, some about several numbers, some about nothing that can be read.
 */
export async function randomHistory(random: Random, count: number, policy: Policy): Promise<DecisionEntry[]> {
  const world = new RandomWorld(random);
  const checks = { US: world.check('US', policy), EU: world.check('EU', policy) };
  for (let turn = 0; turn < count; turn += 1) {
    world.now = randomMoment(random);
    await checks[random.pick(['US', 'EU'] as const)](randomInput(random));
  }
  return [...world.contactPoints.entries.values()].map((entry) =>
    DecisionEntry.parse(JSON.parse(canonicalJson(entry))),
  );
}

/** Every time somebody is looked up, something else is known of them. */
class RandomWorld {
  readonly contactPoints = new MemoryContactPoints();
  readonly #random: Random;
  #ids = 0;
  now = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  check(residency: 'US' | 'EU', policy: Policy) {
    return createCheckConsent({
      facts: { readForDecision: (tokens, questions) => this.#read(tokens, questions) },
      contactPoints: this.contactPoints,
      progress: { isLoggedUntil: async () => true },
      alerts: { attemptBlocked: async () => undefined },
      pepper: async () => PEPPER,
      policy,
      residency,
      budgetMs: 60_000,
      now: () => this.now,
      newId: () => {
        this.#ids += 1;
        return uuid(this.#ids, this.now);
      },
      telemetry: recordedTelemetry().telemetry,
    });
  }

  async #read(...[tokens, questions]: Parameters<DecisionFacts['readForDecision']>) {
    const contactPoints = (await this.contactPoints.read(tokens)).map((found) => {
      const known = { ...found, state: randomState(this.#random, this.now), pendingCount: 0 };
      this.contactPoints.items.set(found.token, known);
      return known;
    });
    const registries = questions.map(({ registry }) =>
      this.#random.chance(0.9) ? randomRegistryFact(this.#random, registry, this.now) : undefined,
    );
    return { contactPoints, registries };
  }
}

function randomInput(random: Random): object {
  const number = () => random.pick([...Object.values(NUMBERS), '+14165550107', '+33123456789', 'nobody']);
  const optional = (share: number, field: object) => (random.chance(share) ? field : {});
  return {
    channel: random.pick(Channel.options),
    purpose: random.pick(random.chance(0.97) ? Purpose.options : ['NONE']),
    email: random.pick([ADDRESS, ADDRESS, 'no address']),
    phoneNumber: number(),
    ...optional(0.3, { phoneNumber2: number() }),
    ...optional(0.1, { phoneNumber3: number() }),
    ...optional(0.7, { seller: random.pick(['acme', 'bravo']) }),
    ...optional(0.7, { campaignId: random.pick(['spring', 'summer', 'winback']) }),
    ...optional(0.3, { calledPartyRegion: random.pick(['FL', 'TX', 'US-NY', 'nowhere']) }),
    ...optional(0.3, { product: random.pick(['ENERGY', 'pensions', 'OTHER', 'nothing']) }),
    ...optional(0.3, { postalCode: random.pick(['32501', '86515-1234', 'K1A 0B1', '09001', 'nowhere']) }),
    ...optional(0.3, { defaultRegion: random.pick(['US', 'DE', 'GB', 'CA']) }),
  };
}
