/** Codes of files that are no next version of a registry: trying again would not help. */
export const REFUSALS = [
  'BAD_NAME',
  'BAD_REGISTRY_LINE',
  'BAD_XML',
  'BAD_ZIP',
  'CUT_OFF',
  'EMPTY_REGISTRY',
  'FUTURE_VERSION',
  'MIXED_FILES',
  'NOT_FOR_THIS_VERSION',
  'NOT_SUBSCRIBED',
  'NO_VERSION',
  'OLDER_VERSION',
  'TOO_DIFFERENT',
  'TOO_MANY_DUPLICATES',
  'UNKNOWN_REGISTRY',
  'WRONG_AREA_CODE',
  'WRONG_COUNT',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The code of a refusal; undefined for whatever may go better another time. */
export function refusalIn(error: unknown): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return REFUSALS.find((refusal) => refusal === code);
}
