import { beforeAll, describe, expect, it } from 'vitest';
import type { DiallerList } from '../../../../lib/domain/dialler/dialler.ts';
import { CHECKS, findings } from '../../../../lib/domain/genesys-setup/findings.ts';
import type { Organization } from '../../../../lib/domain/genesys-setup/organization.ts';
import { Plan } from '../../../../lib/domain/genesys-setup/plan.ts';
import { wantedOf } from '../../../../lib/domain/genesys-setup/wanted.ts';
import {
  type Change,
  callback,
  EVENTS,
  integration,
  PRECALL,
  rules,
  settings,
  withRule,
} from '../../../support/genesys-cloud/organization-changes.ts';
import {
  DEPLOYMENT,
  goodOrganization,
  OPT_OUT_CODES,
  PLAN,
} from '../../../support/genesys-cloud/organization-fixture.ts';
import { ID } from '../../../support/genesys-cloud/outbound-world.ts';
import { BAD_RULES } from './bad-rules.ts';
import { BAD_SETTINGS } from './bad-settings.ts';

let good: Organization;
beforeAll(async () => {
  good = await goodOrganization();
});

/** What the deployment tells of opt-outs: of marketing calls, and of e-mails for two sellers. */
const DIALLER_LISTS: readonly DiallerList[] = [
  { channels: ['VOICE'], purposes: ['MARKETING'], ids: [ID.dnc] },
  { channels: ['EMAIL'], purposes: ['MARKETING'], seller: 'acme', ids: [ID.dncEmail] },
  { channels: ['EMAIL'], purposes: ['MARKETING'], seller: 'other', ids: [ID.dnc] },
];

type Given = { plan?: Plan; optOutWrapUpCodes?: readonly string[]; diallerLists?: readonly DiallerList[] };

function found(
  change: Change,
  { plan = PLAN, optOutWrapUpCodes = OPT_OUT_CODES, diallerLists = DIALLER_LISTS }: Given = {},
) {
  const organization = { ...good, ...change(structuredClone(good)) };
  const wanted = wantedOf(organization, plan, DEPLOYMENT);
  return findings({ found: organization, plan, wanted, optOutWrapUpCodes, diallerLists });
}

const BAD = Object.entries({ ...BAD_RULES, ...BAD_SETTINGS }).flatMap(([code, cases]) =>
  cases.map(([what, change, where, codes]) => ({ code, what, change, where, codes })),
);

describe('the doctor', () => {
  it('finds nothing in a good organisation', () => {
    expect(found(() => ({}))).toEqual([]);
  });

  it.each(BAD)('finds $code: $what', ({ code, change, where, codes }) => {
    const given = codes === undefined ? {} : { optOutWrapUpCodes: codes };
    const all = found(change, given).filter((finding) => finding.code === code);
    expect(all.map((finding) => finding.where)).toContainEqual(expect.stringMatching(where));
  });

  it('has a bad case for each of its checks', () => {
    expect(new Set(BAD.map(({ code }) => code))).toEqual(new Set(CHECKS.map(({ code }) => code)));
    expect(new Set(CHECKS.map(({ code }) => code)).size).toBe(CHECKS.length);
  });

  it.each<[string, Change]>([
    ['a wrap-up rule that calls back on other codes', withRule(callback(['other'], false))],
    ['a rule by number where one column is previewed', withRule(PRECALL)],
    ['a rule of others behind ours', rules((rule) => [rule, { ...PRECALL, order: 9 }])],
    [
      'a list of ten that is nearly full, and attached to nothing',
      ({ dncLists }) => ({
        dncLists: [...dncLists, { id: 'n', name: 'National', dncSourceType: 'rds', size: 1_000_000 }],
      }),
    ],
    [
      'a further topic',
      integration(EVENTS, ({ config }) => ({
        config: {
          ...config,
          properties: {
            ...config.properties,
            eventFilter: ['v2.users.{id}.presence', ...topics(config.properties)],
          },
        },
      })),
    ],
    [
      'operators in another case',
      settings({
        predicates: [
          {
            outputField: 'decision',
            outputOperator: 'EQUALS',
            comparisonValue: 'ALLOW',
            inverted: true,
            outputFieldMissingResolution: true,
          },
        ],
      }),
    ],
  ])('finds nothing in %s', (_what, change) => {
    expect(found(change)).toEqual([]);
  });

  it('looks at lists of a dialler for the channel, purpose and seller of a campaign', () => {
    const list: DiallerList = { channels: ['SMS', 'EMAIL'], purposes: ['SERVICE'], ids: ['none'] };
    const all = found(() => ({}), { diallerLists: [list] });
    expect(all.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'DIALLER_LIST_NOT_ATTACHED campaign Reminders: list none',
      'DIALLER_LIST_UNKNOWN list none',
    ]);
  });

  it('looks at no source of events where the plan names none', () => {
    const { eventBridge: _source, ...plan } = PLAN;
    expect(
      found(
        ({ integrations }) => ({
          integrations: integrations.filter(({ integrationType }) => integrationType?.id !== EVENTS),
        }),
        { plan },
      ),
    ).toEqual([]);
  });

  it('looks at every campaign, not at those of the plan alone', () => {
    const plan = Plan.parse({ ...PLAN, campaigns: [], exempt: [] });
    const all = found(
      ({ campaigns }) => ({ campaigns: campaigns.map((one) => ({ ...one, ruleSets: [], dncLists: [] })) }),
      { plan },
    );
    const codes = all.filter(({ where }) => where.includes('Line test')).map(({ code }) => code);
    expect(codes).toEqual([
      'VOICE_CAMPAIGN_WITHOUT_RULE_SET',
      'CAMPAIGN_WITHOUT_DNC_LIST',
      'CAMPAIGN_NOT_IN_PLAN',
    ]);
  });
});

function topics(properties: Readonly<Record<string, unknown>>): readonly unknown[] {
  const filter = properties['eventFilter'];
  return Array.isArray(filter) ? filter : [];
}
