import type { Models } from 'purecloud-platform-client-v2';
import type { ActionBody } from './outbound-bodies.ts';
import type { Versioned } from './outbound-stores.ts';

type Stored<T> = Omit<T, 'id' | 'version' | 'name'> & { id: string; version: number; name: string };
export type StoredAction = ActionBody & { id: string; version: number };

/** What an organisation holds; calls change it, and tests. */
export type OutboundWorld = {
  organizationId: string;
  campaigns: Stored<Models.Campaign>[];
  messagingCampaigns: Stored<Models.MessagingCampaign>[];
  contactLists: Stored<Models.ContactList>[];
  dncLists: Stored<Models.DncList>[];
  ruleSets: Stored<Models.RuleSet>[];
  digitalRuleSets: Stored<Models.DigitalRuleSet>[];
  wrapUpCodes: { id: string; name: string }[];
  wrapUpCodeMapping: {
    version?: number | undefined;
    defaultSet: string[];
    mapping: Record<string, string[]>;
  };
  integrations: FakeIntegration[];
  credentials: Versioned[];
  actions: StoredAction[];
  topics: Models.AvailableTopic[];
  /** Those that refuse to be changed while they run. */
  runningCampaigns: Set<string>;
};

type FakeIntegration = {
  id: string;
  name: string;
  integrationType: { id: string };
  intendedState: string;
  reportedState: { code: string };
  config: {
    name: string;
    version: number;
    notes: string;
    properties: object;
    advanced: object;
    credentials: Record<string, object>;
  };
};

const uuid = (kind: number, at: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(at).padStart(12, '0')}`;
export const ID = {
  organization: uuid(1, 1),
  sales: uuid(2, 1),
  preview: uuid(2, 2),
  texts: uuid(2, 3),
  letters: uuid(2, 4),
  notices: uuid(2, 5),
  test: uuid(2, 6),
  leads: uuid(3, 1),
  customers: uuid(3, 2),
  dnc: uuid(4, 1),
  dncEmail: uuid(4, 2),
  otherRules: uuid(5, 1),
  doNotCall: uuid(6, 1),
  doNotEmail: uuid(6, 2),
} as const;

/** An organisation in which nothing of ours has been made; each call gives a new one. */
export function newOrganization(): OutboundWorld {
  const calls = {
    version: 3,
    contactList: { id: ID.leads, name: 'Leads' },
    queue: { id: uuid(9, 1), name: 'Sales' },
    script: { id: uuid(9, 2), name: 'Sales script' },
    callerName: 'Example',
    callerAddress: '+13175550199',
    maxCallsPerAgentDecimal: 1.5,
    campaignStatus: 'off',
    ruleSets: [{ id: ID.otherRules, name: 'Retries' }],
    dncLists: [],
    errors: [],
  } satisfies Partial<Models.Campaign>;
  const messages = {
    version: 1,
    contactList: { id: ID.customers, name: 'Customers' },
    messagesPerMinute: 10,
    campaignStatus: 'off',
    ruleSets: [],
    dncLists: [],
  } satisfies Partial<Models.MessagingCampaign>;
  const email = {
    fromAddress: { domain: { id: 'example.com' }, localPart: 'news' },
    contentTemplate: { id: uuid(9, 3) },
  };
  return {
    organizationId: ID.organization,
    campaigns: [
      {
        ...calls,
        id: ID.sales,
        name: 'Spring sale',
        dialingMode: 'predictive',
        phoneColumns: columns('Cell', 'Home'),
      },
      { ...calls, id: ID.preview, name: 'Renewals', dialingMode: 'preview', phoneColumns: columns('Cell') },
      { ...calls, id: ID.test, name: 'Line test', dialingMode: 'agentless', phoneColumns: columns('Cell') },
    ],
    messagingCampaigns: [
      {
        ...messages,
        id: ID.texts,
        name: 'Reminders',
        smsConfig: {
          messageColumn: 'Text',
          phoneColumn: 'Mobile',
          senderSmsPhoneNumber: { phoneNumber: '+13175550199' },
        },
      },
      {
        ...messages,
        id: ID.letters,
        name: 'News',
        emailConfig: { ...email, emailColumns: ['Mail', 'Work mail'] },
      },
      { ...messages, id: ID.notices, name: 'Notices', emailConfig: { ...email, emailColumns: ['Mail'] } },
    ],
    contactLists: [
      {
        id: ID.leads,
        version: 1,
        name: 'Leads',
        columnNames: ['Name', 'Cell', 'Home', 'Zip'],
        phoneColumns: columns('Cell', 'Home'),
      },
      {
        id: ID.customers,
        version: 1,
        name: 'Customers',
        columnNames: ['Name', 'Mobile', 'Mail', 'Work mail', 'Text', 'State'],
        phoneColumns: columns('Mobile'),
        emailColumns: columns('Mail', 'Work mail'),
      },
    ],
    dncLists: [
      { id: ID.dnc, version: 1, name: 'Do not call', dncSourceType: 'rds', contactMethod: 'Phone', size: 12 },
      {
        id: ID.dncEmail,
        version: 1,
        name: 'Do not mail',
        dncSourceType: 'rds',
        contactMethod: 'Email',
        size: 0,
      },
    ],
    ruleSets: [retries()],
    digitalRuleSets: [],
    wrapUpCodes: [
      ...Array.from({ length: 230 }, (_, at) => ({ id: uuid(7, at), name: `Code ${at}` })),
      { id: ID.doNotCall, name: 'Do Not Call' },
      { id: ID.doNotEmail, name: 'Do Not Mail' },
    ],
    wrapUpCodeMapping: {
      version: 7,
      defaultSet: ['Right_Party_Contact'],
      mapping: { [ID.doNotCall]: ['Contact_UnCallable'] },
    },
    integrations: [],
    credentials: Array.from({ length: 205 }, (_, at) => ({ id: uuid(8, at), name: `Credential ${at}` })),
    actions: [],
    topics: [
      topic('v2.detail.events.conversation.{id}.acw', 'EventBridge'),
      topic('v2.detail.events.conversation.{id}.wrapup', 'All'),
      topic('v2.outbound.voice.campaigns.contact.postContact', 'EventBridge'),
      topic('v2.outbound.email.campaigns.contact.postContact', 'Websocket'),
    ],
    runningCampaigns: new Set(),
  };
}

function columns(...names: readonly string[]) {
  return names.map((columnName) => ({ columnName, type: columnName })) satisfies Models.PhoneColumn[];
}

function topic(id: string, transport: string): Models.AvailableTopic {
  return { id, transports: [transport] };
}

/** Somebody else's rules. */
function retries(): Stored<Models.RuleSet> {
  const rules = [
    {
      name: 'Retry on busy',
      order: 0,
      category: 'DIALER_WRAPUP',
      conditions: [
        {
          type: 'callAnalysisCondition',
          value: 'disposition.classification.callable.busy',
          operator: 'EQUALS',
        },
      ],
      actions: [{ type: 'Action', actionTypeName: 'SCHEDULE_CALLBACK', properties: { callbackOffset: '5' } }],
    },
  ] satisfies Models.DialerRule[];
  return { id: ID.otherRules, version: 2, name: 'Retries', rules };
}
