import type { NoticeChannels } from '../../domain/notice/channels.ts';
import type { NoticeContact, NoticeText } from '../../domain/notice/ports.ts';

/** Columns of the contact lists that notices go out by; nothing else is told of a recipient. */
export const ADDRESS = 'Address';
const MESSAGE = 'Message';

/** One name for a text's list, campaign and response, so that each is found again, and made once. */
export function nameOf({ incidentId, channel, language, templateVersion }: NoticeText): string {
  return `dg-${incidentId}-${channel}-${language}-v${templateVersion}`;
}

/** https://developer.genesys.cloud/devapps/api-explorer#post-api-v2-outbound-contactlists */
export function contactListBody(text: NoticeText) {
  const name = nameOf(text);
  return text.channel === 'EMAIL'
    ? { name, columnNames: [ADDRESS], emailColumns: [{ columnName: ADDRESS, type: 'personal' }] }
    : {
        name,
        columnNames: [ADDRESS, MESSAGE],
        phoneColumns: [{ columnName: ADDRESS, type: 'cell' }],
      };
}

/** A text goes with each contact, but for e-mails, whose text is a response in a library. */
export function contactBody(
  contactListId: string,
  { channel, text }: NoticeText,
  { contactId, address }: NoticeContact,
) {
  const message = channel === 'EMAIL' ? {} : { [MESSAGE]: text };
  return { id: contactId, contactListId, data: { [ADDRESS]: address, ...message }, callable: true };
}

/** The text of an e-mail campaign. */
export function responseBody(text: NoticeText, { responseLibraryId }: NonNullable<NoticeChannels['email']>) {
  return {
    name: nameOf(text),
    libraries: [{ id: responseLibraryId }],
    responseType: 'CampaignEmailTemplate',
    texts: [
      { type: 'subject', contentType: 'text/plain', content: text.subject ?? '' },
      { type: 'body', contentType: 'text/plain', content: text.text },
    ],
  };
}

type CampaignParts = {
  readonly text: NoticeText;
  readonly contactListId: string;
  readonly channels: NoticeChannels;
  /** EMAIL only. */
  readonly responseId?: string | undefined;
};

/**
 * A campaign that runs until it is stopped, without do-not-contact lists: each recipient was asked about one by one, for this
 * purpose, and whoever refused a channel is not on its list.
 */
export function messagingCampaignBody({ text, contactListId, channels, responseId }: CampaignParts) {
  const common = {
    name: nameOf(text),
    contactList: { id: contactListId },
    messagesPerMinute: channels.messagesPerMinute,
    alwaysRunning: true,
    dncLists: [],
  };
  const { sms, email } = channels;
  if (text.channel === 'SMS' && sms !== undefined) {
    return {
      ...common,
      smsConfig: {
        messageColumn: MESSAGE,
        phoneColumn: ADDRESS,
        senderSmsPhoneNumber: { phoneNumber: sms.sender },
      },
    };
  }
  if (text.channel !== 'EMAIL' || email === undefined || responseId === undefined) return undefined;
  const [localPart = '', domain = ''] = email.from.split('@');
  return {
    ...common,
    emailConfig: {
      emailColumns: [ADDRESS],
      contentTemplate: { id: responseId },
      fromAddress: { domain: { id: domain }, friendlyName: email.name, localPart },
      ...(email.replyTo === undefined
        ? {}
        : { replyToAddress: { domain: { id: email.replyTo.domain }, route: { id: email.replyTo.routeId } } }),
    },
  };
}

/** A call that no agent is needed for: the flow of the response set says the text of the contact's column. */
export function voiceCampaignBody({ text, contactListId, channels: { voice } }: CampaignParts) {
  if (voice === undefined) return undefined;
  return {
    name: nameOf(text),
    contactList: { id: contactListId },
    dialingMode: 'agentless',
    phoneColumns: [{ columnName: ADDRESS, type: 'cell' }],
    callerName: voice.callerName,
    callerAddress: voice.callerNumber,
    callAnalysisResponseSet: { id: voice.callAnalysisResponseSetId },
    site: { id: voice.siteId },
    alwaysRunning: true,
    dncLists: [],
  };
}
