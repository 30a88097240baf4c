import {
  action,
  type Change,
  campaign,
  EVENTS,
  integration,
  LAMBDA,
  without,
} from '../../../support/genesys-cloud/organization-changes.ts';
import { DEPLOYMENT } from '../../../support/genesys-cloud/organization-fixture.ts';
import { ID } from '../../../support/genesys-cloud/outbound-world.ts';

/** By the code of the finding: what is wrong, the organisation, where the finding says it is, and what cdk.json names. */
export type BadCases = Readonly<
  Record<
    string,
    readonly (readonly [what: string, change: Change, where: RegExp, codes?: readonly string[]])[]
  >
>;

/** What else can be wrong. */
export const BAD_SETTINGS: BadCases = {
  DATA_ACTION_ELSEWHERE: [
    [
      'another Lambda',
      action(({ request }) => ({
        request: { ...request, requestUrlTemplate: `${DEPLOYMENT.functionArn}-old` },
      })),
      /us-sales VOICE/,
    ],
  ],
  DATA_ACTION_ASKS_OTHERWISE: [
    [
      'another purpose',
      action(({ request }) => ({
        request: { ...request, requestTemplate: request.requestTemplate?.replace('MARKETING', 'SERVICE') },
      })),
      /request/,
    ],
    [
      'another answer',
      action(({ response }) => ({ response: { ...response, successTemplate: '{"decision":"ALLOW"}' } })),
      /response/,
    ],
    [
      'another contract',
      ({ actions }) => ({
        actions: actions.map((one) => ({
          ...one,
          contract: { ...one.contract, output: { successSchema: { properties: {} } } },
        })),
      }),
      /contract/,
    ],
  ],
  CAMPAIGN_WITHOUT_DNC_LIST: [
    ['the list is off', campaign(ID.sales, { dncLists: [] }), /Spring sale: list Do not call/],
    [
      'the list is to be made',
      ({ dncLists }) => ({ dncLists: dncLists.filter(({ name }) => name !== 'Do not text') }),
      /Reminders: list Do not text/,
    ],
  ],
  DIALLER_LIST_NOT_ATTACHED: [
    ['the list that is told', campaign(ID.preview, { dncLists: [] }), /Renewals: list Do not call/],
  ],
  DIALLER_LIST_UNKNOWN: [
    [
      'a list that was removed',
      ({ dncLists }) => ({ dncLists: dncLists.filter(({ id }) => id !== ID.dncEmail) }),
      new RegExp(`list ${ID.dncEmail}`),
    ],
  ],
  WRAP_UP_CODE_CHANGED: [
    [
      'there twice',
      ({ wrapUpCodes }) => ({ wrapUpCodes: [...wrapUpCodes, { id: 'second', name: 'Do Not Call' }] }),
      /no one wrap-up code is called Do Not Call/,
    ],
    [
      'renamed',
      ({ wrapUpCodes }) => ({
        wrapUpCodes: wrapUpCodes.map((one) => (one.name === 'Do Not Call' ? { ...one, name: 'DNC' } : one)),
      }),
      /no one wrap-up code is called Do Not Call/,
    ],
    [
      'made anew',
      ({ wrapUpCodes }) => ({
        wrapUpCodes: wrapUpCodes.map((one) => (one.name === 'Do Not Call' ? { ...one, id: 'another' } : one)),
      }),
      /Do Not Call is another/,
    ],
    [
      'deleted',
      ({ wrapUpCodes }) => ({ wrapUpCodes: wrapUpCodes.filter(({ id }) => id !== ID.doNotEmail) }),
      new RegExp(`names ${ID.doNotEmail}, which is none`),
    ],
    [
      'not in cdk.json',
      () => ({}),
      /optOutWrapUpCodes does not name/,
      [ID.doNotCall, 'ININ-OUTBOUND-ON-DO-NOT-CALL-LIST'],
    ],
  ],
  EVENT_SOURCE_OFF: [
    ['off', integration(EVENTS, () => ({ intendedState: 'DISABLED' })), /events is off/],
    [
      'gone',
      ({ integrations }) => ({
        integrations: integrations.filter(({ integrationType }) => integrationType?.id !== EVENTS),
      }),
      /no event source dialguard-prod-us/,
    ],
    [
      'to another account',
      integration(EVENTS, ({ config }) => ({
        config: { ...config, properties: { ...config.properties, awsAccountId: '210987654321' } },
      })),
      /no event source/,
    ],
  ],
  EVENT_TOPIC_MISSING: [
    [
      'wrap-up codes',
      integration(EVENTS, ({ config }) => ({
        config: {
          ...config,
          properties: {
            ...config.properties,
            eventFilter: [
              'v2.detail.events.conversation.{id}.wrapup',
              'v2.outbound.voice.campaigns.contact.postContact',
            ],
          },
        },
      })),
      /\{id\}\.acw/,
    ],
    [
      'no topics',
      integration(EVENTS, ({ config }) => ({
        config: { ...config, properties: { ...config.properties, eventFilter: undefined } },
      })),
      /acw/,
    ],
  ],
  CAMPAIGN_NOT_IN_PLAN: [
    [
      'a new campaign',
      ({ campaigns }) => ({
        campaigns: [
          ...campaigns,
          ...campaigns.slice(0, 1).map((one) => ({ ...one, id: 'new', name: 'New' })),
        ],
      }),
      /campaign New/,
    ],
  ],
  PLAN_NAMES_NOTHING: [
    ['renamed campaign', campaign(ID.sales, { name: 'Summer sale' }), /no campaign Spring sale/],
  ],
  COLUMN_MISSING_IN_LIST: [
    ['a column that was taken out', without(['Zip']), /Spring sale, list Leads: column Zip/],
    [
      'a list that cannot be seen',
      ({ contactLists }) => ({ contactLists: contactLists.filter(({ id }) => id !== ID.customers) }),
      /News: its contact list/,
    ],
  ],
  DATA_ACTION_TIMEOUT: [
    ['none', action(() => ({ timeoutSeconds: undefined })), /us-sales VOICE: none/],
    ['eleven seconds', action(() => ({ timeoutSeconds: 11 })), /: 11/],
  ],
  DNC_LIST_NEARLY_FULL: [
    [
      'nine tenths',
      ({ dncLists }) => ({
        dncLists: dncLists.map((list) => ({ ...list, size: list.id === ID.dnc ? 900_000 : 0 })),
      }),
      /Do not call: 900,000/,
    ],
  ],
  OPT_OUT_CODE_CALLABLE: [
    [
      'no flag',
      ({ wrapUpCodeMapping }) => ({ wrapUpCodeMapping: { ...wrapUpCodeMapping, mapping: {} } }),
      /Do Not Call/,
    ],
  ],
  DATA_ACTION_UNPUBLISHED: [
    [
      'a draft',
      ({ publishedActions, actions }) => ({
        publishedActions: publishedActions.filter(({ name }) => name !== 'Dialguard us-sales VOICE'),
        actions: actions.filter(({ name }) => name !== 'Dialguard us-sales VOICE'),
      }),
      /rule Block/,
    ],
  ],
  INTEGRATION_OFF: [
    ['off', integration(LAMBDA, () => ({ intendedState: 'DISABLED' })), /Dialguard is off/],
    ['in error', integration(LAMBDA, () => ({ reportedState: { code: 'ERROR' } })), /reports ERROR/],
    ['silent', integration(LAMBDA, () => ({ reportedState: undefined })), /reports nothing/],
    [
      'gone',
      ({ integrations }) => ({
        integrations: integrations.filter(({ integrationType }) => integrationType?.id !== LAMBDA),
      }),
      /no integration Dialguard/,
    ],
    [
      'as another role',
      ({ credentials }) => ({ credentials: credentials.map((one) => ({ ...one, name: 'Other' })) }),
      /does not act as the role/,
    ],
  ],
};
