import type { Exemption, Rule, RuleOf } from '../policy.ts';

const CALLS: Rule['channels'] = ['VOICE'];
const MESSAGES: Rule['channels'] = ['SMS', 'EMAIL'];
const MACHINES: NonNullable<Rule['technology']> = ['AUTOMATED', 'PRERECORDED'];
const EPRIVACY = 'Directive 2002/58/EC Art 13(1)-(2)';
const NO_SOFT_OPT_IN = 'No exception for own customers (soft opt-in) was found: consent is asked for.';
const SOFT_OPT_IN: SoftOptIn = { kind: 'softOptIn', channels: ['SMS', 'EMAIL'], obtainedIn: ['SALE'] };
const SOFT_OPT_IN_BY_EMAIL: SoftOptIn = { ...SOFT_OPT_IN, channels: ['EMAIL'] };

type SoftOptIn = Extract<Exemption, { kind: 'softOptIn' }>;

/** Since then the soft opt-in of the United Kingdom is open to charities. */
export const CHARITIES_SINCE = '2026-02-05';

type Country = Pick<Rule, 'citation' | 'mark'> & {
  /** Begins the ids of the country's rules. */
  readonly id: string;
  /** ISO 3166-1: the country, and the territories under the same law that have codes of their own. */
  readonly codes: string[];
  /** What a live call to a consumer needs: consent, or that the number is on none of these lists. */
  readonly calls: 'CONSENT' | readonly List[];
  readonly from?: string;
  readonly contested?: string;
  readonly note?: string;
  /** Where texts and e-mails rest on another text than calls, or on a text of their own date. */
  readonly messages?: Partial<Pick<Country, 'citation' | 'mark' | 'from' | 'note'>>;
  /** How own customers may be sent texts or e-mails without consent; consent is needed where absent. */
  readonly softOptIn?: SoftOptIn;
  /** For how long the proof of consent to calls is kept. */
  readonly keepProofYears?: number;
};

type List = {
  readonly registry: string;
  readonly liftedByConsent: boolean;
  readonly maxAgeDays?: number;
  readonly audience?: 'CONSUMER' | 'BUSINESS';
};

const COUNTRIES: readonly Country[] = [
  {
    id: 'at',
    codes: ['AT'],
    calls: 'CONSENT',
    citation: 'TKG 2021 s. 174',
    mark: 'P',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'be',
    codes: ['BE'],
    calls: [{ registry: 'be-dncm', liftedByConsent: true, maxAgeDays: 5 }],
    from: '2014-05-31',
    citation: 'Code de droit économique VI.110-115',
    mark: 'P',
    note: 'Five working days are counted as five days.',
    messages: { citation: EPRIVACY, mark: 'M' },
  },
  {
    id: 'ch',
    codes: ['CH'],
    calls: [{ registry: 'ch-directory-star', liftedByConsent: true }],
    from: '2021-01-01',
    citation: 'UWG (CH) 3(1)(u), (o)',
    mark: 'S',
    note: 'Numbers in no directory are barred too: the list must hold them.',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'de',
    codes: ['DE'],
    calls: 'CONSENT',
    citation: 'UWG 7, 7a, 20',
    mark: 'P',
    note: 'Presumed consent of businesses is not enough here.',
    softOptIn: SOFT_OPT_IN_BY_EMAIL,
    keepProofYears: 5,
  },
  {
    id: 'dk',
    codes: ['DK'],
    calls: 'CONSENT',
    citation: 'Forbrugeraftaleloven 4; markedsføringsloven 10',
    mark: 'S',
    note: 'Books, newspapers, insurance and rescue services need none by law; here they do.',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'es',
    codes: ['ES'],
    calls: 'CONSENT',
    from: '2023-06-29',
    citation: 'Ley 11/2022 (LGTel) art. 66(1)(b)',
    mark: 'P',
    note: 'Another lawful basis than consent is not taken.',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'fi',
    codes: ['FI', 'AX'],
    calls: [{ registry: 'fi-robinson', liftedByConsent: true }],
    citation: 'Laki 917/2014 s. 200',
    mark: 'S',
  },
  {
    id: 'gr',
    codes: ['GR'],
    calls: 'CONSENT',
    from: '2006-06-28',
    citation: 'Law 3471/2006 art. 11',
    mark: 'M',
    contested: 'Opt-in and opt-out are both read into it; consent is asked for.',
    softOptIn: SOFT_OPT_IN_BY_EMAIL,
  },
  {
    id: 'ie',
    codes: ['IE'],
    calls: 'CONSENT',
    from: '2011-07-01',
    citation: 'S.I. 336/2011 reg. 13',
    mark: 'S',
    note: 'Landlines may be called unless listed (NDD); they are not told from mobiles here.',
    // Reg. 13(11)(d), from general knowledge: the sale is at most 12 months old.
    softOptIn: { ...SOFT_OPT_IN, maxAgeMonths: 12 },
    messages: { note: 'A soft opt-in counts for 12 months from the sale (from general knowledge).' },
  },
  {
    id: 'it',
    codes: ['IT'],
    calls: 'CONSENT',
    citation: 'Codice privacy art. 130',
    mark: 'P',
    contested:
      'Numbers in a directory need no consent; whether one is in a directory is not known, so all do.',
    softOptIn: SOFT_OPT_IN_BY_EMAIL,
  },
  {
    id: 'lu',
    codes: ['LU'],
    calls: 'CONSENT',
    from: '2011-09-01',
    citation: 'Loi du 30 mai 2005 art. 11',
    mark: 'P',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'nl',
    codes: ['NL'],
    calls: 'CONSENT',
    from: '2021-07-01',
    citation: 'Telecommunicatiewet 11.7',
    mark: 'S',
    note: 'The exception for customers ended on 1 July 2026; it is not made before either.',
  },
  {
    id: 'no',
    codes: ['NO', 'SJ'],
    calls: [{ registry: 'no-reservasjonsregisteret', liftedByConsent: true }],
    from: '2009-06-01',
    citation: 'Markedsføringsloven 12-15',
    mark: 'S',
  },
  { id: 'pl', codes: ['PL'], calls: 'CONSENT', from: '2024-11-10', citation: 'PKE art. 398', mark: 'S' },
  {
    id: 'pt',
    codes: ['PT'],
    calls: 'CONSENT',
    from: '2012-08-30',
    citation: 'Lei 41/2004 art. 13-A; CNPD 2022/1',
    mark: 'S',
    contested: 'Opt-in and opt-out are both read into it; consent is asked for, of businesses too.',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'se',
    codes: ['SE'],
    calls: [{ registry: 'se-nix', liftedByConsent: true }],
    from: '2008-07-01',
    citation: 'Marknadsföringslagen 19-21',
    mark: 'S',
    softOptIn: SOFT_OPT_IN,
  },
  {
    id: 'gb',
    codes: ['GB'],
    calls: [
      { registry: 'gb-tps', liftedByConsent: true, maxAgeDays: 27 },
      { registry: 'gb-ctps', liftedByConsent: true, maxAgeDays: 27, audience: 'BUSINESS' },
    ],
    from: '2003-12-11',
    citation: 'PECR 2003 reg. 19, 21, 22',
    mark: 'P',
    note: 'A number listed for 28 days may not be called, so a list of that age is too old.',
    softOptIn: { ...SOFT_OPT_IN, obtainedIn: ['SALE', 'NEGOTIATIONS', 'CHARITY'] },
    messages: { from: CHARITIES_SINCE },
  },
];

/** The countries that have rules of their own here. */
export const NAMED_COUNTRIES: readonly string[] = COUNTRIES.flatMap(({ codes }) => codes);

/** What each country asks of calls, texts and e-mails; rules that one country alone has are in europe-special.ts. */
export const EUROPEAN_RULES: readonly Rule[] = COUNTRIES.flatMap((country) => [
  ...(country.calls === 'CONSENT'
    ? [{ ...consent(country, 'calls', { channels: CALLS }), ...proofOf(country) }]
    : [
        consent(country, 'automated-calls', { channels: CALLS, technology: MACHINES }),
        ...country.calls.flatMap((list) => listRules(country, list)),
      ]),
  messages(country),
]);

function proofOf({ keepProofYears }: Country) {
  return keepProofYears === undefined ? {} : { keepProofYears };
}

function messages(country: Country): Rule {
  const { id, codes, calls, citation, mark, softOptIn } = country;
  const law = { id, codes, calls, citation, mark, ...country.messages };
  return softOptIn === undefined
    ? consent({ ...law, note: NO_SOFT_OPT_IN }, 'messages', { channels: MESSAGES })
    : { ...consent(law, 'messages', { channels: MESSAGES }), exemptions: [softOptIn] };
}

function base({ codes, citation, mark, from = '1970-01-01', contested, note }: Country) {
  const said = [contested, note].filter((part) => part !== undefined).join(' ');
  return {
    jurisdiction: { countries: codes },
    purposes: ['MARKETING' as const],
    citation,
    mark,
    effectiveFrom: from,
    contested: contested !== undefined,
    ...(said === '' ? {} : { note: said }),
  };
}

function consent(
  country: Country,
  what: string,
  about: Pick<Rule, 'channels'> & Partial<Pick<Rule, 'technology'>>,
): RuleOf<'consentRequired'> {
  return { ...base(country), ...about, id: `${country.id}-${what}`, kind: 'consentRequired' };
}

function listRules(
  country: Country,
  { registry, liftedByConsent, maxAgeDays, audience }: List,
): readonly Rule[] {
  const common = {
    ...base(country),
    channels: CALLS,
    ...(audience === undefined ? {} : { audience }),
    ...(liftedByConsent ? { exemptions: [{ kind: 'consent' as const }] } : {}),
    registry,
  };
  const listed: Rule = { ...common, id: `${registry}-listed`, kind: 'registry' };
  return maxAgeDays === undefined
    ? [listed]
    : [listed, { ...common, id: `${registry}-age`, kind: 'registryAge', maxAgeDays }];
}
