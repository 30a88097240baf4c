import type { Models } from 'purecloud-platform-client-v2';
import type * as z from 'zod';
import {
  AgentlessEmail,
  AgentlessMessage,
  ContactBodies,
  ContactListBody,
  MessagingCampaignBody,
  ResponseBody,
  VoiceCampaignBody,
} from './outbound-messaging-bodies.ts';
import { type FakeAnswer, type FakeRoute, refusal, type SeenCall } from './server.ts';

export type MessagingWorld = {
  readonly now: () => number;
  /** Calls that a minute holds; the next one is refused until it is over. */
  readonly callsPerMinute: number;
  readonly numbers: readonly Models.SmsPhoneNumber[];
  /** Addresses to which nothing gets through. */
  readonly unreachable: ReadonlySet<string>;
};

type Contact = {
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
  readonly listId: string;
  /** How often the platform has sent, or will send, something to it. */
  sends: number;
  sendsAt: number;
};
type Named = { readonly id: string; readonly name: string };
type Campaign = Named & {
  readonly contactList: { readonly id: string };
  readonly messagesPerMinute: number;
  readonly channel: 'EMAIL' | 'SMS' | 'VOICE';
  campaignStatus: 'on' | 'off';
  nextAt: number;
};

/** An organization's outbound messaging. A campaign sends a message to each contact that is added, at its own pace. */
export class MessagingPlatform {
  readonly contacts = new Map<string, Contact>();
  readonly lists = new Map<string, Named & ContactListBody>();
  readonly campaigns = new Map<string, Campaign>();
  readonly responses = new Map<string, Named & z.infer<typeof ResponseBody>>();
  /** What went out one by one: address and text. */
  readonly singles: { readonly address: string; readonly text: string }[] = [];
  /** Sizes of the lists of contacts that were taken, in order, with how many of them were new. */
  readonly posts: { readonly listId: string; readonly size: number; readonly fresh: number }[] = [];
  refusedByLimit = 0;
  readonly #world: MessagingWorld;
  #window = { from: 0, calls: 0 };
  #ids = 0;

  constructor(world: MessagingWorld) {
    this.#world = world;
  }

  get routes(): readonly FakeRoute[] {
    const base = '/api/v2/outbound';
    const list = `${base}/contactlists/([^/]+)`;
    return [
      this.#route('GET', '/api/v2/routing/sms/phonenumbers', (call) => this.#smsNumbers(call)),
      this.#route('GET', `${base}/contactlists`, (call) => this.#named(call, this.lists)),
      this.#route('POST', `${base}/contactlists`, (call) => this.#make(call, ContactListBody, this.lists)),
      this.#route('POST', `${list}/contacts`, (call, [id]) => this.#add(call, id)),
      this.#route('POST', `${list}/contacts/bulk`, (call, [id]) => this.#bulk(call, id)),
      this.#route('GET', '/api/v2/responsemanagement/responses', (call) => this.#inLibrary(call)),
      this.#route('POST', '/api/v2/responsemanagement/responses', (call) =>
        this.#make(call, ResponseBody, this.responses),
      ),
      ...['messagingcampaigns', 'campaigns'].flatMap((kind) => [
        this.#route('GET', `${base}/${kind}`, (call) => this.#named(call, this.campaigns)),
        this.#route('POST', `${base}/${kind}`, (call) => this.#campaign(call, kind)),
        this.#route('GET', `${base}/${kind}/([^/]+)`, (_, [id = '']) => found(this.campaigns.get(id))),
        this.#route('POST', `${base}/${kind}/([^/]+)/start`, (_, [id = '']) => this.#start(id)),
      ]),
      this.#route('POST', '/api/v2/conversations/messages/agentless', ({ body }) => this.#message(body)),
      this.#route('POST', '/api/v2/conversations/emails/agentless', ({ body }) => this.#email(body)),
    ];
  }

  /** How often each contact was sent something, by id. */
  get sends(): ReadonlyMap<string, number> {
    return new Map([...this.contacts.values()].map(({ id, sends }) => [id, sends]));
  }

  #route(method: string, path: string, answer: FakeRoute['answer']): FakeRoute {
    const limited: FakeRoute['answer'] = (call, ids) => this.#limit() ?? answer(call, ids);
    return { method, path: new RegExp(`^${path}$`), answer: limited };
  }

  #limit(): FakeAnswer | undefined {
    const now = this.#world.now();
    if (now - this.#window.from >= 60_000) this.#window = { from: now, calls: 0 };
    this.#window.calls += 1;
    if (this.#window.calls <= this.#world.callsPerMinute) return undefined;
    this.refusedByLimit += 1;
    const seconds = Math.ceil((this.#window.from + 60_000 - now) / 1000);
    return { ...refusal(429), headers: { 'retry-after': String(seconds) } };
  }

  #smsNumbers({ query }: SeenCall): FakeAnswer {
    const digits = query.get('phoneNumber') ?? '';
    if (!/^[\d*]+$/.test(digits)) return refusal(400);
    return ok({ entities: this.#world.numbers.filter(({ phoneNumber }) => phoneNumber.includes(digits)) });
  }

  /** By the beginning of the name, as the platform does where no filter type is named. */
  #named({ query }: SeenCall, all: ReadonlyMap<string, Named>): FakeAnswer {
    const name = query.get('name') ?? '';
    return ok({ entities: [...all.values()].filter((one) => one.name.startsWith(name)), pageCount: 1 });
  }

  #inLibrary({ query }: SeenCall): FakeAnswer {
    const library = query.get('libraryId');
    if (library === null) return refusal(400);
    const inIt = [...this.responses.values()].filter(({ libraries }) => libraries[0]?.id === library);
    const page = Number(query.get('pageNumber') ?? 1);
    // Pages smaller than asked for: whoever looks at the first alone makes everything twice.
    return ok({ entities: inIt.slice(page - 1, page), pageCount: Math.max(1, inIt.length) });
  }

  #make<T extends { name: string }>(
    { body }: SeenCall,
    schema: z.ZodType<T>,
    into: Map<string, Named & T>,
  ): FakeAnswer {
    const parsed = schema.safeParse(body);
    if (!parsed.success) return refusal(400);
    if ([...into.values()].some(({ name }) => name === parsed.data.name)) return refusal(400);
    const made = { ...parsed.data, id: this.#id() };
    into.set(made.id, made);
    return ok(made);
  }

  #campaign(call: SeenCall, kind: string): FakeAnswer {
    const made = kind === 'campaigns' ? VoiceCampaignBody : MessagingCampaignBody;
    const parsed = made.safeParse(call.body);
    if (!parsed.success || !this.lists.has(parsed.data.contactList.id)) return refusal(400);
    const body = parsed.data;
    if ('emailConfig' in body && !this.responses.has(body.emailConfig.contentTemplate.id))
      return refusal(400);
    if ('smsConfig' in body && !this.#isSender(body.smsConfig.senderSmsPhoneNumber.phoneNumber))
      return refusal(400);
    if ([...this.campaigns.values()].some(({ name }) => name === body.name)) return refusal(400);
    const campaign: Campaign = {
      id: this.#id(),
      name: body.name,
      contactList: body.contactList,
      messagesPerMinute: 'messagesPerMinute' in body ? body.messagesPerMinute : 60,
      channel: 'emailConfig' in body ? 'EMAIL' : 'smsConfig' in body ? 'SMS' : 'VOICE',
      campaignStatus: 'off',
      nextAt: 0,
    };
    this.campaigns.set(campaign.id, campaign);
    return ok(campaign);
  }

  #isSender(number: string): boolean {
    return this.#world.numbers.some(({ phoneNumber, supportsSms }) => phoneNumber === number && supportsSms);
  }

  #start(id: string): FakeAnswer {
    const campaign = this.campaigns.get(id);
    if (campaign === undefined) return refusal(404);
    if (campaign.campaignStatus === 'on') return refusal(400);
    campaign.campaignStatus = 'on';
    return ok({});
  }

  #add({ body, query }: SeenCall, listId = ''): FakeAnswer {
    const parsed = ContactBodies.safeParse(body);
    const list = this.lists.get(listId);
    if (list === undefined) return refusal(404);
    const ofList = parsed.data?.every(
      ({ contactListId, data }) =>
        contactListId === listId && Object.keys(data).every((name) => list.columnNames.includes(name)),
    );
    if (!parsed.success || ofList !== true) return refusal(400);
    const again = query.get('doNotQueue') !== 'true';
    let fresh = 0;
    for (const { id, data } of parsed.data) {
      const known = this.contacts.get(id);
      if (known === undefined) fresh += 1;
      if (known !== undefined && !again) continue;
      const sends = (known?.sends ?? 0) + 1;
      this.contacts.set(id, { id, data, listId, sends, sendsAt: this.#turnOn(listId) });
    }
    this.posts.push({ listId, size: parsed.data.length, fresh });
    return ok(parsed.data);
  }

  /** When the list's campaign gets to one more contact. */
  #turnOn(listId: string): number {
    const campaign = this.#campaignOf(listId);
    if (campaign === undefined) return Number.POSITIVE_INFINITY;
    campaign.nextAt = Math.max(campaign.nextAt, this.#world.now()) + 60_000 / campaign.messagesPerMinute;
    return campaign.nextAt;
  }

  #campaignOf(listId: string): Campaign | undefined {
    return [...this.campaigns.values()].find(
      ({ contactList, campaignStatus }) => contactList.id === listId && campaignStatus === 'on',
    );
  }

  #bulk({ body }: SeenCall, listId = ''): FakeAnswer {
    if (!Array.isArray(body) || body.length > 100) return refusal(400);
    const contacts = body.flatMap((id) => this.contacts.get(String(id)) ?? []);
    return ok(contacts.filter((one) => one.listId === listId).map((one) => this.#shown(one)));
  }

  #shown({ id, listId, data, sendsAt }: Contact): Models.DialerContact {
    const shown: Models.DialerContact = { id, contactListId: listId, data: { ...data } };
    if (sendsAt > this.#world.now()) return shown;
    const isLost = this.#world.unreachable.has(data['Address'] ?? '');
    const evaluation = {
      Address: { wrapupCodeId: isLost ? 'OUTBOUND-MESSAGE-FAILED' : 'OUTBOUND-MESSAGE-SENT' },
    } satisfies Record<string, Models.MessageEvaluation>;
    const channel = this.#campaignOf(listId)?.channel;
    if (channel === 'VOICE') {
      const lastResult = isLost ? 'ININ-OUTBOUND-NO-ANSWER' : 'ININ-OUTBOUND-TRANSFERRED-TO-FLOW';
      return { ...shown, callRecords: { Address: { lastResult } } };
    }
    return channel === 'EMAIL'
      ? { ...shown, latestEmailEvaluations: evaluation }
      : { ...shown, latestSmsEvaluations: evaluation };
  }

  #message(body: unknown): FakeAnswer {
    const parsed = AgentlessMessage.safeParse(body);
    if (!parsed.success || !this.#isSender(parsed.data.fromAddress)) return refusal(400);
    this.singles.push({ address: parsed.data.toAddress, text: parsed.data.textBody });
    return ok({ id: this.#id() });
  }

  #email(body: unknown): FakeAnswer {
    const parsed = AgentlessEmail.safeParse(body);
    if (!parsed.success) return refusal(400);
    this.singles.push({ address: parsed.data.toAddresses[0].email, text: parsed.data.textBody });
    return ok({ conversationId: this.#id() });
  }

  #id(): string {
    this.#ids += 1;
    return `platform-${this.#ids}`;
  }
}

function ok(body: unknown): FakeAnswer {
  return { status: 200, body };
}

function found(what: object | undefined): FakeAnswer {
  return what === undefined ? refusal(404) : ok(what);
}
