import * as z from 'zod';
import { ClockRow } from '../domain/incident/clocks.ts';
import { NoticeContact } from '../domain/incident/incident.ts';
import { Language } from '../domain/incident/templates.ts';
import { WebhookSettings } from '../domain/incident/webhook.ts';
import { NoticeChannels } from '../domain/notice/channels.ts';

/** What an operator decides about personal data breaches and the notices to people. */
export const IncidentSettings = z.strictObject({
  /** How people reach the operator: what notices are filled in with. Without it no notice is prepared. */
  contact: NoticeContact.optional(),
  /** Of the notices to whoever reads no other language that there is. */
  fallbackLanguage: Language.default('en'),
  /** Clocks of other laws and contracts; one with the id of a row that ships takes its place. */
  clocks: z
    .array(ClockRow)
    .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, 'expected each id once')
    // Lambda's environment holds 4 KB in all.
    .refine((rows) => JSON.stringify(rows).length <= 2500, 'expected at most 2,500 characters')
    .default([]),
  /** What notices go out by. */
  notices: NoticeChannels.prefault({}),
  /** Which tickets report incidents; left out, nobody can send any. */
  webhooks: WebhookSettings.refine(
    ({ jira, pagerDuty }) => jira !== undefined || pagerDuty !== undefined,
    'expected jira, pagerDuty or both',
  ).optional(),
});
export type IncidentSettings = z.infer<typeof IncidentSettings>;
