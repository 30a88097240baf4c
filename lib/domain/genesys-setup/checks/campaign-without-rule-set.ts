import type { Check, SeenCampaign } from './check.ts';

/** A campaign that is not planned passes with whichever rule set of ours it has: what that one does is looked at too. */
function hasNoGate({ planned, gates }: SeenCampaign): boolean {
  return planned === undefined ? gates.length === 0 : !gates.some(({ name }) => name === planned.gateName);
}

/** https://help.mypurecloud.com/articles/pre-call-rules */
export const voiceCampaignWithoutRuleSet: Check = {
  code: 'VOICE_CAMPAIGN_WITHOUT_RULE_SET',
  severity: 'LETS_THROUGH',
  means: 'its numbers are dialled without a check',
  mend: 'run setup, which attaches the rule set',
  find: ({ campaigns }) =>
    campaigns
      .filter((campaign) => campaign.channel === 'VOICE' && hasNoGate(campaign))
      .map(({ name }) => `campaign ${name}`),
};

/** Rule sets of calls do not act on messages: those have rule sets of a kind of their own. */
export const digitalCampaignWithoutRuleSet: Check = {
  code: 'DIGITAL_CAMPAIGN_WITHOUT_RULE_SET',
  severity: 'LETS_THROUGH',
  means: 'its messages are sent without a check',
  mend: 'run setup, which attaches the digital rule set; a channel that a check does not know can only be exempt',
  find: ({ campaigns }) =>
    campaigns
      .filter((campaign) => campaign.channel !== 'VOICE' && hasNoGate(campaign))
      .map(({ name, channel }) => `campaign ${name} (${channel})`),
};
