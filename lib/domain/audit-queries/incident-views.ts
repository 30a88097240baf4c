import { entry, WHICH } from './columns.ts';
import type { View } from './view.ts';

/** What happened to personal data breaches, and to the words of their notices. */
export const INCIDENT_VIEWS: readonly View[] = [
  {
    name: 'incidents',
    says: 'one row for each step of a personal data breach',
    kind: 'incident',
    columns: [
      ...WHICH,
      entry('incident_id', '$.incidentId', 'id of the incident'),
      entry('reference', '$.reference', "the operator's own id of it"),
      entry('event', '$.event', 'REPORTED, ASSESSED, RELEASED, AUTHORITY_NOTIFIED, CLOSED ...'),
      entry('state', '$.state', 'the state that it is in since'),
      entry('acted_by', '$.by', 'who said so'),
      entry('known_at', '$.knownAt', 'from when on the clocks run', 'iso'),
      entry('risk', '$.risk', 'UNLIKELY, RISK, HIGH; none until it was judged'),
      entry('affected_sha256', '$.affectedSha256', 'SHA-256 of the list of who is to be told'),
      entry('template', '$.template', 'name of the texts that are sent'),
      entry('clock', '$.clock', 'the duty that a notice meets, or that does not bind'),
      entry('authority', '$.authority', 'who was told'),
      entry('notified_at', '$.notifiedAt', 'when', 'iso'),
      entry('delay_reason', '$.delayReason', 'id of the document that says why so late'),
      entry('ground', '$.ground', 'why people need not be told one by one'),
    ],
  },
  {
    name: 'notice_templates',
    says: 'one row for each text of notices that was written or approved',
    kind: 'notice-template',
    columns: [
      ...WHICH,
      entry('template', '$.template', 'its name'),
      entry('language', '$.language', 'BCP 47'),
      entry('channel', '$.channel', 'VOICE, SMS, EMAIL'),
      entry('template_version', '$.templateVersion', 'which version', 'integer'),
      entry('sha256', '$.sha256', 'SHA-256 of its words'),
      entry('event', '$.event', 'WRITTEN or APPROVED'),
      entry('acted_by', '$.by', 'who wrote or approved it'),
    ],
  },
];
