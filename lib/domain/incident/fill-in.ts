import { ComplianceError } from '../errors.ts';
import type { Incident } from './incident.ts';
import type { NoticeTemplate } from './templates.ts';

/** Everything that a template can be filled in with: the operator's own, the same for every recipient. */
export const PLACEHOLDERS = ['incidentReference', 'contactUrl', 'contactPhone', 'preferencesUrl'] as const;

/** `{{name}}` wherever it stands; blanks within are allowed. */
export const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * A template's words for one incident, the same for each of its recipients.
 *
 * @throws ComplianceError CONTACT_MISSING where the incident says not how the operator is reached, UNKNOWN_PLACEHOLDER.
 */
export function filledIn(
  { subject, text }: Pick<NoticeTemplate, 'subject' | 'text'>,
  { reference, contact }: Pick<Incident, 'reference' | 'contact'>,
): { readonly subject?: string; readonly text: string } {
  if (contact === undefined) {
    throw new ComplianceError({
      code: 'CONTACT_MISSING',
      message: 'expected an incident that says how the operator is reached; nothing was filled in',
    });
  }
  const values: ReadonlyMap<string, string> = new Map([
    ['incidentReference', reference],
    ['contactUrl', contact.url],
    ['contactPhone', contact.phone],
    ['preferencesUrl', contact.preferencesUrl],
  ]);
  const fill = (words: string) => words.replace(PLACEHOLDER, (_, name: string) => placed(values, name));
  return { ...(subject === undefined ? {} : { subject: fill(subject) }), text: fill(text) };
}

function placed(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new ComplianceError({
    code: 'UNKNOWN_PLACEHOLDER',
    message: 'expected only the placeholders that are known; nothing was filled in',
  });
}
