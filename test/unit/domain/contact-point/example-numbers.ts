import google from 'google-libphonenumber';

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = google;
const library = PhoneNumberUtil.getInstance();

export type Example = { readonly e164: string; readonly region: string };

/** Google's example of every type of number in every region that both versions of the numbering plans know. */
export const examples: readonly Example[] = library.getSupportedRegions().flatMap((region) =>
  Object.values(PhoneNumberType)
    .filter((type) => typeof type === 'number')
    .map((type) => library.getExampleNumberForType(region, type))
    .filter((number) => number !== undefined && number !== null)
    .map((number) => ({ e164: library.format(number, PhoneNumberFormat.E164), region })),
);

/** The ways in which Google's library writes a number for readers in its own region and elsewhere. */
export function writings(e164: string): {
  national: string;
  international: string;
  uri: string;
  fromGermany: string;
} {
  const number = library.parse(e164);
  return {
    national: library.format(number, PhoneNumberFormat.NATIONAL),
    international: library.format(number, PhoneNumberFormat.INTERNATIONAL),
    uri: library.format(number, PhoneNumberFormat.RFC3966),
    fromGermany: library.formatOutOfCountryCallingNumber(number, 'DE'),
  };
}

/** What Google's library makes of `raw`: E.164 and extension of a valid number; undefined for anything else. */
export function readByGoogle(raw: string, region?: string): string | undefined {
  try {
    const number = library.parse(raw, region ?? 'ZZ');
    const isClean = library.isValidNumber(number);
    return isClean
      ? library.format(number, PhoneNumberFormat.E164) + (number.getExtension() ?? '')
      : undefined;
  } catch {
    return undefined;
  }
}
