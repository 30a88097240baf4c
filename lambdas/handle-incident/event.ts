import * as z from 'zod';
import { bodyOf } from '../../lib/adapters/http/contact-point-input.ts';
import {
  DataElement,
  ExemptionGround,
  IncidentDocument,
  IncidentRole,
  Jurisdiction,
  NoticeContact,
  Risk,
} from '../../lib/domain/incident/incident.ts';
import { Language, TemplateName, TemplateText } from '../../lib/domain/incident/templates.ts';
import { Channel, OpaqueId, Sha256Hex } from '../../lib/domain/vocabulary.ts';

/** ISO 8601 with its offset, as epoch milliseconds. */
const Moment = z.iso
  .datetime({ offset: true, error: 'expected ISO 8601 with an offset, such as 2026-11-22T09:00:00Z' })
  .transform((text) => Date.parse(text));

const places = z.array(Jurisdiction).max(100);
const elements = z.array(DataElement).max(DataElement.options.length);
const By = { by: OpaqueId };

/** POST /v1/incidents */
export const NewIncident = bodyOf({
  /** The caller's own id: sent again with it, the same incident is not taken in twice. */
  id: z.uuid().optional(),
  reference: OpaqueId,
  knownAt: Moment.optional(),
  role: IncidentRole.default('CONTROLLER'),
  jurisdictions: places.min(1).optional(),
  dataElements: elements.default([]),
  ...By,
});

const assess = bodyOf({
  event: z.literal('assess'),
  ...By,
  risk: Risk.optional(),
  role: IncidentRole.optional(),
  knownAt: Moment.optional(),
  occurredFrom: Moment.optional(),
  occurredTo: Moment.optional(),
  dataElements: elements.optional(),
  jurisdictions: places.min(1).optional(),
  persons: z.number().int().nonnegative().optional(),
  contact: NoticeContact.optional(),
  documents: z.array(IncidentDocument).max(50).default([]),
}).transform(({ event: _, by, documents, ...assessment }) => ({
  kind: 'ASSESSED' as const,
  by,
  documents,
  assessment,
}));

/** The list lies at `incidents/<id>/affected.csv` in the privacy bucket; without a version, the newest is taken. */
const affected = bodyOf({
  event: z.literal('affected'),
  ...By,
  versionId: z.string().min(1).max(1024).optional(),
}).transform(({ by, versionId }) => ({ kind: 'AFFECTED_ATTACHED' as const, by, versionId }));

const prepare = bodyOf({ event: z.literal('prepare'), ...By, template: TemplateName }).transform(
  ({ by, template }) => ({
    kind: 'PREPARED' as const,
    by,
    template: { name: template, purpose: 'BREACH_NOTICE' as const },
  }),
);

const release = bodyOf({ event: z.literal('release'), ...By }).transform(({ by }) => ({
  kind: 'RELEASED' as const,
  by,
}));

const authorityNotified = bodyOf({
  event: z.literal('authority-notified'),
  ...By,
  clock: OpaqueId,
  authority: OpaqueId,
  notifiedAt: Moment,
  phase: z.enum(['INITIAL', 'FURTHER']).default('INITIAL'),
  delayReason: OpaqueId.optional(),
}).transform(({ by, clock, authority, notifiedAt, phase, delayReason }) => ({
  kind: 'AUTHORITY_NOTIFIED' as const,
  by,
  notice: { clock, authority, at: notifiedAt, phase, ...(delayReason === undefined ? {} : { delayReason }) },
}));

const exempt = bodyOf({
  event: z.literal('exempt'),
  ...By,
  ground: ExemptionGround,
  document: OpaqueId,
}).transform(({ by, ground, document }) => ({ kind: 'EXEMPTED' as const, by, ground, document }));

const endExemption = bodyOf({ event: z.literal('end-exemption'), ...By }).transform(({ by }) => ({
  kind: 'EXEMPTION_ENDED' as const,
  by,
}));

const waive = bodyOf({
  event: z.literal('waive'),
  ...By,
  clock: OpaqueId,
  document: OpaqueId,
}).transform(({ by, clock, document }) => ({ kind: 'WAIVED' as const, by, clock, document }));

const close = bodyOf({ event: z.literal('close'), ...By }).transform(({ by }) => ({
  kind: 'CLOSED' as const,
  by,
}));

/** POST /v1/incidents/{id}/events: what each body says happened. Only the runs over notices say that people were told. */
export const HAPPENINGS = {
  assess,
  affected,
  prepare,
  release,
  'authority-notified': authorityNotified,
  exempt,
  'end-exemption': endExemption,
  waive,
  close,
};

export const Happening = z.object({
  event: z.enum([
    ...(['assess', 'affected', 'prepare', 'release', 'authority-notified'] as const),
    ...(['exempt', 'end-exemption', 'waive', 'close'] as const),
  ]),
});

/** POST /v1/notice-templates */
export const NewTemplate = bodyOf({
  name: TemplateName,
  language: Language,
  channel: Channel,
  author: OpaqueId,
  subject: TemplateText.shape.subject,
  text: TemplateText.shape.text,
  /** Says what speaks against the words, and keeps nothing. */
  dryRun: z.boolean().default(false),
});

/** `{name}/{language}/{channel}/{version}` of a path. */
export const TemplatePath = z.object({
  name: TemplateName,
  language: Language,
  channel: Channel,
  version: z.coerce.number().int().positive(),
});

/** POST /v1/notice-template-approvals */
export const NewApproval = bodyOf({
  name: TemplateName,
  language: Language,
  channel: Channel,
  version: z.number().int().positive(),
  ...By,
  /** Of the words that were read. */
  sha256: Sha256Hex,
});
