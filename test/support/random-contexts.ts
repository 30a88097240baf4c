import type { PolicyDocument } from '../../lib/domain/policy/policy.ts';
import type { RegistryFact, RuleContext } from '../../lib/domain/policy/rules/context.ts';
import { ConsentEvent, type Fact, SoftOptIn } from '../../lib/domain/state/facts.ts';
import { merge } from '../../lib/domain/state/merge.ts';
import { type ContactPointState, EMPTY_STATE } from '../../lib/domain/state/state.ts';
import {
  Audience,
  Channel,
  ChannelScope,
  Product,
  Purpose,
  PurposeScope,
  Source,
  SuppressionReason,
  Technology,
} from '../../lib/domain/vocabulary.ts';
import { consent, DAY_MS, hold, NOON, softOptIn, suppression, writtenConsent } from './facts.ts';
import type { Random } from './random.ts';

const ZONES = [
  ...['America/New_York', 'America/Chicago', 'America/Phoenix', 'Pacific/Honolulu', 'America/St_Johns'],
  ...['Europe/London', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Kiritimati'],
];
const AREA_CODES = ['212', '305', '787', '907'];
const SELLERS = ['acme', 'bravo'];

/** Any moment of two years around NOON, in milliseconds: DST changes, weekends and holidays among them. */
export function randomMoment(random: Random): number {
  return NOON + (random.below(730) - 365) * DAY_MS + random.below(DAY_MS);
}

/** Something to ask the rules of `policy`: countries and registries that it names, and some that it does not. */
export function randomContext(random: Random, policy: PolicyDocument): RuleContext {
  const now = randomMoment(random);
  const { countries, regions, registries } = namedBy(policy);
  return {
    scope: {
      channel: random.pick(Channel.options),
      purpose: random.pick(Purpose.options),
      seller: random.pick([undefined, ...SELLERS]),
      product: random.pick([undefined, ...Product.options]),
      audience: random.pick([undefined, ...Audience.options]),
      technology: random.pick([undefined, ...Technology.options]),
      softOptIn: random.pick([undefined, true, false]),
    },
    subject: {
      country: random.pick(countries),
      regions: random.chance(0.8) ? random.some(2, () => random.pick(regions)) : [],
      areaCode: random.pick([undefined, ...AREA_CODES]),
      timeZones: random.chance(0.9) ? [random.pick(ZONES), ...random.some(2, () => random.pick(ZONES))] : [],
    },
    state: randomState(random, now),
    registries: registries.flatMap((registry) =>
      random.chance(0.85) ? [randomRegistryFact(random, registry, now)] : [],
    ),
    now,
  };
}

export function randomRegistryFact(random: Random, registry: string, now: number): RegistryFact {
  return {
    registry,
    listed: random.chance(0.3),
    versionAt: Math.floor(now / DAY_MS) * DAY_MS - random.below(40) * DAY_MS,
    areaCodes: random.chance(0.7) ? 'ALL' : random.some(3, () => random.pick(AREA_CODES)),
  };
}

/** Mostly little, as people are; now and then much. */
export function randomState(random: Random, now: number): ContactPointState {
  if (random.chance(0.3)) return EMPTY_STATE;
  const facts = random.some(random.chance(0.2) ? 6 : 2, () => randomFact(random, now));
  const attempts = random.some(random.chance(0.2) ? 12 : 2, () => ({
    at: now - random.below(32 * DAY_MS),
    decisionId: `earlier-${random.below(1e6)}`,
    channel: random.pick(Channel.options),
    purpose: random.pick(Purpose.options),
    ...(random.chance(0.5) ? { seller: random.pick(SELLERS) } : {}),
  }));
  return { ...facts.reduce(merge, EMPTY_STATE), attempts: attempts.toSorted((a, b) => a.at - b.at) };
}

function randomFact(random: Random, now: number): Fact {
  const at = now - random.below(800 * DAY_MS);
  const statement = {
    channel: random.pick(ChannelScope.options),
    seller: random.pick(['*', ...SELLERS]),
    source: random.pick(Source.options),
    effectiveAt: at,
    receivedAt: at,
  };
  const ends = random.chance(0.2) ? { expiresAt: at + random.below(900 * DAY_MS) } : {};
  if (random.chance(0.1)) {
    const action = random.chance(0.7) ? 'PLACED' : 'RELEASED';
    return hold({ action, by: random.pick(['legal-1', 'legal-2']), at });
  }
  if (random.chance(0.4)) {
    return suppression({ ...statement, ...ends, reason: random.pick(SuppressionReason.options) });
  }
  if (random.chance(0.2)) {
    const channel = random.pick(['SMS', 'EMAIL'] as const);
    const terms = {
      obtainedIn: random.pick(SoftOptIn.shape.obtainedIn.options),
      optOutOffered: random.chance(0.8),
    };
    return softOptIn({ ...statement, ...ends, channel, seller: random.pick(SELLERS) }, terms);
  }
  const purpose = random.pick(PurposeScope.options);
  const status = random.chance(0.6) ? 'GRANTED' : random.pick(ConsentEvent.options);
  if (status === 'GRANTED' && random.chance(0.4)) {
    return writtenConsent({ ...statement, ...ends, purpose }, { seller: random.pick(SELLERS) });
  }
  return consent({ ...statement, ...ends, purpose, status });
}

const named = new WeakMap<object, ReturnType<typeof namesIn>>();

function namedBy(policy: PolicyDocument) {
  const found = named.get(policy) ?? namesIn(policy);
  named.set(policy, found);
  return found;
}

function namesIn(policy: PolicyDocument) {
  const countries = policy.rules.flatMap(({ jurisdiction }) =>
    'countries' in jurisdiction
      ? jurisdiction.countries
      : 'except' in jurisdiction
        ? jurisdiction.except
        : [],
  );
  const regions = policy.rules.flatMap(({ jurisdiction }) =>
    'regions' in jurisdiction ? jurisdiction.regions : [],
  );
  const registries = policy.rules.flatMap((rule) => ('registry' in rule ? [rule.registry] : []));
  return {
    countries: [...new Set([...countries, 'US', 'US', 'GB', 'BR', 'ZZ'])],
    regions: [...new Set([...regions, 'US-OH', 'CA-ON'])],
    registries: [...new Set(registries)],
  };
}
