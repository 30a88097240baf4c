/** Texts that the lint has nothing against, for each channel. */
export const GOOD_TEXTS = {
  SMS: {
    channel: 'SMS',
    text: 'Example Ltd: on 3 November 2026 we found a security incident that concerns your data. What it means and what you can do: {{contactUrl}} or {{contactPhone}}. Reference {{incidentReference}}.',
  },
  EMAIL: {
    channel: 'EMAIL',
    subject: 'A security incident that concerns your data ({{incidentReference}})',
    text: 'Dear customer,\n\non 3 November 2026 we found that your e-mail address and your password may have been seen by others.\nPlease change your password. Ask us at {{contactUrl}}, {{contactPhone}} or privacy@example.com.\n\nYou can choose how we reach you: {{ preferencesUrl }}. Notices that the law demands will reach you all the same.\n',
  },
  VOICE: {
    channel: 'VOICE',
    text: 'This is a notice of Example Ltd about a security incident that concerns your data. Please call {{contactPhone}}.',
  },
} as const;
