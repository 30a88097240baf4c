import { sha256Hex } from '../../lib/domain/canonical-json.ts';

const INCIDENT = {
  kind: 'incident',
  incidentId: '01990000-0000-7000-8000-000000000017',
  reference: 'SEC-17',
  knownAt: '2026-11-20T15:00:00.000Z',
};
const TEXT = {
  kind: 'notice-template',
  template: 'breach',
  language: 'de',
  channel: 'SMS',
  templateVersion: 1,
};
const words = (version: number) => ({
  ...TEXT,
  templateVersion: version,
  sha256: sha256Hex(`words ${version}`),
});

/** A personal data breach and the words of its notices, each step with its moment. */
export const INCIDENT_STEPS: readonly (readonly [string, object])[] = [
  ['20T21:00:00', { ...INCIDENT, event: 'REPORTED', state: 'REPORTED', by: 'soc-1' }],
  ['20T21:05:00', { ...words(1), event: 'WRITTEN', by: 'writer-1' }],
  ['20T21:10:00', { ...words(1), event: 'APPROVED', by: 'legal-1' }],
  ['20T21:15:00', { ...words(2), event: 'WRITTEN', by: 'writer-1' }],
  ['20T21:20:00', { ...INCIDENT, event: 'RELEASED', state: 'NOTIFYING', by: 'legal-1', risk: 'HIGH' }],
  [
    '20T21:30:00',
    {
      ...{ ...INCIDENT, event: 'AUTHORITY_NOTIFIED', state: 'NOTIFYING', by: 'dpo-1', risk: 'HIGH' },
      ...{ clock: 'gdpr-authority', authority: 'bfdi', notifiedAt: '2026-11-20T21:25:00.000Z' },
    },
  ],
];
