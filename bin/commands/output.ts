import type { ApiAnswer } from './connection.ts';

/** Prints JSON for programs, or lines for people. */
export function print(json: boolean, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
}

/**
 * Prints what the API answered; a refusal sets exit code 1.
 *
 * @param lines - what a person reads when the request was accepted.
 */
export function printAnswer(
  json: boolean,
  { status, body }: ApiAnswer,
  lines: () => readonly string[],
): void {
  const accepted = status >= 200 && status < 300;
  if (!accepted) process.exitCode = 1;
  print(json, body, () =>
    accepted ? lines() : [`Refused (HTTP ${status}):`, JSON.stringify(body, null, 2)],
  );
}

/** What the option `--product` says of itself. */
export const PRODUCT_HELP =
  'claims-management, pensions, energy, energy-renovation, home-adaptation or other; without it the rules for each apply';

/** A command's upper-case word for a value that people type in lower case: `voice` -> `VOICE`. */
export function upper(value: string): string {
  return value.trim().toUpperCase().replaceAll('-', '_');
}

/** Leaves out what was not given, so that a request says no more than the person did. */
export function given<T extends object>(values: T): Partial<T> {
  const partial: Partial<T> = { ...values };
  for (const key in partial) if (partial[key] === undefined) delete partial[key];
  return partial;
}

/** A number, or an address where it has an @, as the API names it. */
export function contactPointField(
  contact: string,
): { readonly email: string } | { readonly phoneNumber: string } {
  return contact.includes('@') ? { email: contact } : { phoneNumber: contact };
}
