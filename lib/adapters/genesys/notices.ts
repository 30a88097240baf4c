import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import type { NoticeChannels } from '../../domain/notice/channels.ts';
import type { OpenedList } from '../../domain/notice/dispatch.ts';
import type { ContactResult, NoticeContact, NoticeSender, NoticeText } from '../../domain/notice/ports.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import type { GenesysApi } from './cloud-api.ts';
import {
  ADDRESS,
  contactBody,
  contactListBody,
  messagingCampaignBody,
  nameOf,
  responseBody,
  voiceCampaignBody,
} from './notice-bodies.ts';
import { carrierOf } from './sms-number.ts';

const Made = z.object({ id: z.string() });
const Named = z.object({ id: z.string(), name: z.string().optional() });
const Listing = z.object({ entities: z.array(Named).default([]), pageCount: z.number().optional() });
const Campaign = z.object({ campaignStatus: z.string().optional() });
const Taken = z.unknown();
const Evaluations = z.record(z.string(), z.object({ wrapupCodeId: z.string().optional() })).optional();
const Contact = z.object({
  id: z.string(),
  latestSmsEvaluations: Evaluations,
  latestEmailEvaluations: Evaluations,
  callRecords: z.record(z.string(), z.object({ lastResult: z.string().optional() })).optional(),
});
type Contact = z.infer<typeof Contact>;

const PAGE_SIZE = '100';

/** Notices by Genesys Cloud's outbound campaigns, and by its agentless calls where there are few. */
export class GenesysNotices implements NoticeSender {
  readonly #api: GenesysApi;
  readonly #channels: NoticeChannels;

  constructor(api: GenesysApi, channels: NoticeChannels) {
    this.#api = api;
    this.#channels = channels;
  }

  async smsCarrier(): Promise<string> {
    const { sms } = this.#channels;
    if (sms === undefined) throw notSetUp('SMS');
    return await carrierOf(this.#api, sms.sender);
  }

  async open(text: NoticeText): Promise<OpenedList> {
    const lists = '/api/v2/outbound/contactlists';
    const contactListId = await this.#make(lists, { name: nameOf(text) }, contactListBody(text));
    const { email } = this.#channels;
    const responseId =
      text.channel === 'EMAIL' && email !== undefined
        ? await this.#make(
            '/api/v2/responsemanagement/responses',
            { libraryId: email.responseLibraryId },
            responseBody(text, email),
          )
        : undefined;
    const path =
      text.channel === 'VOICE' ? '/api/v2/outbound/campaigns' : '/api/v2/outbound/messagingcampaigns';
    const parts = { text, contactListId, channels: this.#channels, responseId };
    const body = text.channel === 'VOICE' ? voiceCampaignBody(parts) : messagingCampaignBody(parts);
    if (body === undefined) throw notSetUp(text.channel);
    const campaignId = await this.#make(path, { name: nameOf(text) }, body);
    await this.#start(`${path}/${encodeURIComponent(campaignId)}`);
    return { contactListId, campaignId };
  }

  async add(
    { contactListId }: OpenedList,
    text: NoticeText,
    contacts: readonly NoticeContact[],
  ): Promise<void> {
    await this.#api.send(
      {
        method: 'POST',
        path: `/api/v2/outbound/contactlists/${encodeURIComponent(contactListId)}/contacts`,
        // A contact that is there already is not queued again, so that the call can be made again.
        query: { doNotQueue: 'true' },
        repeatable: true,
        body: contacts.map((contact) => contactBody(contactListId, text, contact)),
      },
      Taken,
    );
  }

  async look(channel: Channel, contactListId: string, contactIds: readonly string[]) {
    const contacts = await this.#api.send(
      {
        method: 'POST',
        path: `/api/v2/outbound/contactlists/${encodeURIComponent(contactListId)}/contacts/bulk`,
        repeatable: true,
        body: contactIds,
      },
      z.array(Contact),
    );
    return new Map(contacts.map((contact) => [contact.id, resultOf(channel, contact)]));
  }

  async sendOne({ channel, subject, text }: NoticeText, address: string): Promise<void> {
    const { sms, email } = this.#channels;
    if (channel === 'SMS' && sms !== undefined) {
      const body = {
        fromAddress: sms.sender,
        toAddress: address,
        toAddressMessengerType: 'sms',
        textBody: text,
        useExistingActiveConversation: false,
      };
      await this.#api.send({ method: 'POST', path: '/api/v2/conversations/messages/agentless', body }, Taken);
    } else if (channel === 'EMAIL' && email !== undefined) {
      const body = {
        senderType: 'Outbound',
        fromAddress: { email: email.from, name: email.name },
        toAddresses: [{ email: address }],
        subject,
        textBody: text,
      };
      await this.#api.send({ method: 'POST', path: '/api/v2/conversations/emails/agentless', body }, Taken);
    } else throw notSetUp(channel);
  }

  /** The id of what has the name of `body`; made if it is not there, as it is where an answer was lost. */
  async #make(
    path: string,
    filter: Readonly<Record<string, string>>,
    body: { readonly name: string },
  ): Promise<string> {
    const found = await this.#find(path, filter, body.name);
    return found ?? (await this.#api.send({ method: 'POST', path, body }, Made)).id;
  }

  async #find(
    path: string,
    filter: Readonly<Record<string, string>>,
    name: string,
  ): Promise<string | undefined> {
    for (let page = 1; ; page += 1) {
      const query = { ...filter, pageSize: PAGE_SIZE, pageNumber: String(page) };
      const { entities, pageCount = 1 } = await this.#api.send({ method: 'GET', path, query }, Listing);
      const id = entities.find((each) => each.name === name)?.id;
      if (id !== undefined || page >= pageCount) return id;
    }
  }

  async #start(path: string): Promise<void> {
    const { campaignStatus } = await this.#api.send({ method: 'GET', path }, Campaign);
    if (campaignStatus === 'on') return;
    await this.#api.send({ method: 'POST', path: `${path}/start`, plainText: true }, Taken);
  }
}

/** OUTBOUND_MESSAGE_SENT, _FAILED, _THROTTLED, as the SDK's events name them; a throttled message is tried again there. */
function resultOf(channel: Channel, contact: Contact): ContactResult {
  const { latestSmsEvaluations: sms, latestEmailEvaluations: email, callRecords } = contact;
  const said =
    channel === 'VOICE'
      ? callRecords?.[ADDRESS]?.lastResult
      : (channel === 'SMS' ? sms : email)?.[ADDRESS]?.wrapupCodeId;
  if (said === undefined) return 'WAITING';
  const code = said.toUpperCase().replaceAll('-', '_');
  if (code.endsWith('MESSAGE_THROTTLED')) return 'WAITING';
  const sent = channel === 'VOICE' ? 'TRANSFERRED_TO_FLOW' : 'MESSAGE_SENT';
  return code.endsWith(sent) ? 'DELIVERED' : 'FAILED';
}

function notSetUp(channel: Channel): ComplianceError {
  return new ComplianceError({
    code: 'CHANNEL_NOT_SET_UP',
    message: `expected settings for ${channel}, got none; nothing was sent`,
  });
}
