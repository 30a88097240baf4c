// ISO 3166-2 subdivisions of the United States and Canada, and every zone in them whose clocks differ now: 49 CFR part 71
// for the states; tzdata's zone1970.tab for reservations, territories and Canada.
const ZONES: Readonly<Record<string, string>> = {
  'US-AL': 'America/Chicago',
  'US-AK': 'America/Anchorage America/Adak',
  // The Navajo Nation keeps daylight saving time, the rest of Arizona does not (15 U.S.C. 260a).
  'US-AZ': 'America/Phoenix America/Denver',
  'US-AR': 'America/Chicago',
  'US-CA': 'America/Los_Angeles',
  'US-CO': 'America/Denver',
  'US-CT': 'America/New_York',
  'US-DE': 'America/New_York',
  'US-DC': 'America/New_York',
  'US-FL': 'America/New_York America/Chicago',
  'US-GA': 'America/New_York',
  'US-HI': 'Pacific/Honolulu',
  'US-ID': 'America/Boise America/Los_Angeles',
  'US-IL': 'America/Chicago',
  'US-IN': 'America/Indiana/Indianapolis America/Chicago',
  'US-IA': 'America/Chicago',
  'US-KS': 'America/Chicago America/Denver',
  'US-KY': 'America/New_York America/Chicago',
  'US-LA': 'America/Chicago',
  'US-ME': 'America/New_York',
  'US-MD': 'America/New_York',
  'US-MA': 'America/New_York',
  'US-MI': 'America/Detroit America/Chicago',
  'US-MN': 'America/Chicago',
  'US-MS': 'America/Chicago',
  'US-MO': 'America/Chicago',
  'US-MT': 'America/Denver',
  'US-NE': 'America/Chicago America/Denver',
  // West Wendover is in the mountain zone (49 CFR 71.9).
  'US-NV': 'America/Los_Angeles America/Denver',
  'US-NH': 'America/New_York',
  'US-NJ': 'America/New_York',
  'US-NM': 'America/Denver',
  'US-NY': 'America/New_York',
  'US-NC': 'America/New_York',
  'US-ND': 'America/Chicago America/Denver',
  'US-OH': 'America/New_York',
  'US-OK': 'America/Chicago',
  'US-OR': 'America/Los_Angeles America/Boise',
  'US-PA': 'America/New_York',
  'US-RI': 'America/New_York',
  'US-SC': 'America/New_York',
  'US-SD': 'America/Chicago America/Denver',
  'US-TN': 'America/New_York America/Chicago',
  'US-TX': 'America/Chicago America/Denver',
  'US-UT': 'America/Denver',
  'US-VT': 'America/New_York',
  'US-VA': 'America/New_York',
  'US-WA': 'America/Los_Angeles',
  'US-WV': 'America/New_York',
  'US-WI': 'America/Chicago',
  'US-WY': 'America/Denver',
  'US-AS': 'Pacific/Pago_Pago',
  'US-GU': 'Pacific/Guam',
  'US-MP': 'Pacific/Saipan',
  'US-PR': 'America/Puerto_Rico',
  'US-VI': 'America/St_Thomas',
  'CA-AB': 'America/Edmonton',
  // The Kootenays keep Alberta's time; Creston and the Peace River stay on mountain standard time.
  'CA-BC': 'America/Vancouver America/Edmonton America/Phoenix America/Fort_Nelson',
  'CA-MB': 'America/Winnipeg',
  'CA-NB': 'America/Halifax',
  'CA-NL': 'America/St_Johns America/Halifax',
  'CA-NS': 'America/Halifax',
  'CA-NT': 'America/Edmonton',
  'CA-NU': 'America/Toronto America/Winnipeg America/Edmonton America/Panama',
  // Atikokan and its neighbours keep eastern standard time all year.
  'CA-ON': 'America/Toronto America/Winnipeg America/Panama',
  'CA-PE': 'America/Halifax',
  // The Magdalen Islands, and the Lower North Shore without daylight saving time.
  'CA-QC': 'America/Toronto America/Halifax America/Puerto_Rico',
  // Lloydminster keeps Alberta's time.
  'CA-SK': 'America/Regina America/Edmonton',
  'CA-YT': 'America/Whitehorse',
};

const zonesByState: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(ZONES).map(([state, zones]) => [state, zones.split(' ')]),
);

/**
 * The ISO 3166-2 code of a state, territory or province of the United States or Canada, given as `US-FL`, `CA-ON` or by
 * its letters alone (no two share them); undefined for anything else.
 */
export function stateOf(value: string): string | undefined {
  const code = value.toUpperCase();
  return [code, `US-${code}`, `CA-${code}`].find((state) => zonesByState.has(state));
}

/** Whether `value` names a state, territory or province whose time zones are known. */
export function isKnownState(value: string): boolean {
  return stateOf(value) !== undefined;
}

/** Every IANA zone in a state (as `stateOf` gives it); [] where there is none. */
export function zonesOfState(state: string): readonly string[] {
  return zonesByState.get(state) ?? [];
}

/** Every IANA zone in the states, territories or provinces of `country` (`US` or `CA`); [] for any other. */
export function zonesOfStatesIn(country: string): readonly string[] {
  const states = [...zonesByState].filter(([state]) => state.startsWith(`${country}-`));
  return [...new Set(states.flatMap(([, zones]) => zones))].sort();
}
