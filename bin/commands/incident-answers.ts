import * as z from 'zod';
import { TicketSystem } from '../../lib/domain/incident/webhook.ts';

const Act = z.object({ by: z.string(), at: z.string() });

const Clock = z.object({
  id: z.string(),
  to: z.string(),
  state: z.enum(['OPEN', 'DUE', 'LATE', 'MET', 'MET_LATE', 'WAIVED', 'EXEMPT']),
  dueAt: z.string().optional(),
  metAt: z.string().optional(),
  delayReason: z.string().optional(),
  citation: z.string(),
  contested: z.string().optional(),
});
export type ShownClock = z.infer<typeof Clock>;

/** An incident as the API shows it. */
export const ShownIncident = z.object({
  id: z.string(),
  version: z.number(),
  kind: z.literal('PERSONAL_DATA_BREACH'),
  state: z.enum(['REPORTED', 'ASSESSED', 'READY', 'NOTIFYING', 'NOTIFIED', 'CLOSED']),
  reference: z.string(),
  source: z.enum(['API', ...TicketSystem.options]),
  receivedAt: z.string(),
  receivedBy: z.string(),
  knownAt: z.string(),
  occurredFrom: z.string().nullable(),
  occurredTo: z.string().nullable(),
  notifiedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  role: z.enum(['CONTROLLER', 'PROCESSOR']),
  risk: z.enum(['UNLIKELY', 'RISK', 'HIGH']).nullable(),
  dataElements: z.array(z.string()),
  jurisdictions: z.array(z.string()),
  persons: z.number().nullable(),
  documents: z.array(z.object({ about: z.string(), id: z.string(), sha256: z.string() })),
  template: z.object({ name: z.string() }).nullable(),
  affected: z.object({ rows: z.number(), sha256: z.string() }).nullable(),
  prepared: Act.nullable(),
  release: Act.nullable(),
  exemption: Act.extend({ ground: z.string(), document: z.string() }).nullable(),
  waivers: z.array(Act.extend({ clock: z.string(), document: z.string() })),
  authorityNotices: z.array(
    Act.extend({
      clock: z.string(),
      authority: z.string(),
      phase: z.string(),
      delayReason: z.string().optional(),
    }),
  ),
  clocks: z.array(Clock),
  nextDueAt: z.string().nullable(),
  /** How many notices are in which state, once they were begun. */
  notices: z.record(z.string(), z.number()).optional(),
});
export type ShownIncident = z.infer<typeof ShownIncident>;

export const ListedIncidents = z.object({ incidents: z.array(ShownIncident) });

/** A version of a text as the API lists it. */
export const ShownTemplate = z.object({
  name: z.string(),
  language: z.string(),
  channel: z.string(),
  version: z.number(),
  author: z.string(),
  sha256: z.string(),
  approval: z.object({ by: z.string(), at: z.number() }).optional(),
});
export type ShownTemplate = z.infer<typeof ShownTemplate>;

export const Findings = z.object({
  findings: z.array(z.object({ code: z.string(), in: z.string(), line: z.number(), meaning: z.string() })),
});
