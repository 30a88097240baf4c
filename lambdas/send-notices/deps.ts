import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { Pepper } from '../../lib/domain/contact-point/token.ts';
import type { Incident } from '../../lib/domain/incident/incident.ts';
import type { Incidents } from '../../lib/domain/incident/incidents.ts';
import type { Templates } from '../../lib/domain/incident/templates.ts';
import type { NoticeChannels } from '../../lib/domain/notice/channels.ts';
import type {
  AffectedLists,
  ConsentCheck,
  NoticeReports,
  NoticeSender,
  Notices,
} from '../../lib/domain/notice/ports.ts';
import type { ContactPoints } from '../../lib/domain/ports.ts';

export type SendNoticesDeps = {
  readonly incidents: Pick<Incidents, 'all' | 'logOverdue' | 'read' | 'save'>;
  readonly notices: Notices;
  readonly affected: AffectedLists;
  readonly templates: Templates;
  readonly checks: ConsentCheck;
  /** Undefined where no dialler is connected. */
  readonly sender: NoticeSender | undefined;
  readonly reports: NoticeReports;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly pepper: () => Promise<Pepper>;
  readonly channels: NoticeChannels;
  readonly residency: Residency;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** How long one run may take, milliseconds. */
  readonly runMs: number;
};

/** An incident whose notices were released. */
export type ReleasedIncident = Incident & {
  readonly affected: NonNullable<Incident['affected']>;
  readonly template: NonNullable<Incident['template']>;
};

/** Until when a run goes on; epoch milliseconds. */
export type Deadline = { readonly until: number };
