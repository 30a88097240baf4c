import type { Check } from './check.ts';

export const campaignNotInPlan: Check = {
  code: 'CAMPAIGN_NOT_IN_PLAN',
  severity: 'WEAKENS',
  means: 'nobody has said what the campaign is for, so that no check can be told',
  mend: 'name it in the plan under campaigns, or under exempt with a reason, and run setup',
  find: ({ campaigns }) =>
    campaigns.filter(({ planned }) => planned === undefined).map(({ name }) => `campaign ${name}`),
};
