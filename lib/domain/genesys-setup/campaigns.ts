import type { Campaign, MessagingCampaign, Organization } from './organization.ts';

/** A campaign of whatever kind, as far as the check before its contacts goes. */
export type AnyCampaign = {
  readonly id: string;
  readonly name: string;
  /** WHATSAPP and UNKNOWN: a check knows no such channel. */
  readonly channel: 'VOICE' | 'SMS' | 'EMAIL' | 'WHATSAPP' | 'UNKNOWN';
  readonly contactListId: string;
  /** The columns of numbers or addresses that it contacts. */
  readonly columns: readonly string[];
  readonly ruleSetIds: readonly string[];
  readonly dncListIds: readonly string[];
  /** Of a campaign of calls. */
  readonly dialingMode?: string;
};

/** Every campaign of an organisation, calls first. */
export function campaignsOf({ campaigns, messagingCampaigns }: Organization): readonly AnyCampaign[] {
  return [...campaigns.map(callsOf), ...messagingCampaigns.map(messagesOf)];
}

function callsOf(campaign: Campaign): AnyCampaign {
  return {
    ...commonOf(campaign),
    channel: 'VOICE',
    columns: campaign.phoneColumns.map(({ columnName }) => columnName),
    dialingMode: campaign.dialingMode,
  };
}

function messagesOf(campaign: MessagingCampaign): AnyCampaign {
  const { smsConfig, emailConfig, whatsAppConfig } = campaign;
  const common = commonOf(campaign);
  if (smsConfig !== undefined) return { ...common, channel: 'SMS', columns: [smsConfig.phoneColumn] };
  if (emailConfig !== undefined) return { ...common, channel: 'EMAIL', columns: emailConfig.emailColumns };
  if (whatsAppConfig !== undefined)
    return { ...common, channel: 'WHATSAPP', columns: whatsAppConfig.whatsAppColumns };
  return { ...common, channel: 'UNKNOWN', columns: [] };
}

function commonOf({ id, name, contactList, ruleSets, dncLists }: Campaign | MessagingCampaign) {
  return {
    id,
    name,
    contactListId: contactList.id,
    ruleSetIds: ruleSets.map((ruleSet) => ruleSet.id),
    dncListIds: dncLists.map((list) => list.id),
  };
}
