import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import type { ChangeCall, Resource } from '../../domain/genesys-setup/change.ts';
import {
  AvailableTopic,
  Campaign,
  ContactList,
  Credential,
  DataAction,
  DigitalRuleSet,
  DncList,
  EVENT_INTEGRATION,
  type Integration,
  IntegrationConfig,
  LAMBDA_INTEGRATION,
  ListedAction,
  ListedIntegration,
  MessagingCampaign,
  type Organization,
  RuleSet,
  WrapUpCode,
  WrapUpCodeMapping,
} from '../../domain/genesys-setup/organization.ts';
import type { GenesysApi, GenesysCall } from './cloud-api.ts';
import { everyCredential, everyPage } from './every-page.ts';

/** Where each kind of thing is made; one of them is at `/<id>` under it. */
const PATHS: Readonly<Record<Resource, string>> = {
  credentials: '/api/v2/integrations/credentials',
  integrations: '/api/v2/integrations',
  integrationConfigs: '/api/v2/integrations',
  dataActions: '/api/v2/integrations/actions',
  dncLists: '/api/v2/outbound/dnclists',
  ruleSets: '/api/v2/outbound/rulesets',
  digitalRuleSets: '/api/v2/outbound/digitalrulesets',
  campaigns: '/api/v2/outbound/campaigns',
  messagingCampaigns: '/api/v2/outbound/messagingcampaigns',
  wrapUpCodeMapping: '/api/v2/outbound/wrapupcodemappings',
};

const Named = z.object({ name: z.string().optional() });

/** A Genesys Cloud organisation over its platform API: read whole, changed one thing at a time. */
export class HttpGenesysOrganization {
  readonly #api: GenesysApi;

  constructor(api: GenesysApi) {
    this.#api = api;
  }

  /** @throws ComplianceError as GenesysApi does. */
  async id(): Promise<string> {
    const path = '/api/v2/organizations/me';
    return (await this.#get(path, z.object({ id: z.string() }))).id;
  }

  /**
   * Reads all that decides whether a contact passes the check; no contact, number or address is among it.
   *
   * @param prefix - what the names of our own things begin with.
   * @throws ComplianceError GENESYS_UNSEEN naming each kind of thing that could not be read whole: of an organisation that
   * was not seen nothing can be said.
   */
  async read(prefix: string): Promise<Organization> {
    const unseen: string[] = [];
    const see = async <T>(what: string, reading: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await reading();
      } catch (error) {
        if (!(error instanceof ComplianceError)) throw error;
        unseen.push(`${what}: ${error.message}`);
        return undefined;
      }
    };
    const parts = {
      id: await see('organisation', () => this.id()),
      campaigns: await see('campaigns', () => this.#every(PATHS.campaigns, Campaign)),
      messagingCampaigns: await see('messaging campaigns', () =>
        this.#every(PATHS.messagingCampaigns, MessagingCampaign),
      ),
      contactLists: await see('contact lists', () =>
        this.#every('/api/v2/outbound/contactlists', ContactList),
      ),
      dncLists: await see('do-not-contact lists', () =>
        this.#every(PATHS.dncLists, DncList, { includeSize: 'true' }),
      ),
      ruleSets: await see('rule sets', () => this.#every(PATHS.ruleSets, RuleSet)),
      digitalRuleSets: await see('digital rule sets', () =>
        this.#every(PATHS.digitalRuleSets, DigitalRuleSet),
      ),
      integrations: await see('integrations', () => this.#integrations()),
      credentials: await see('credentials', () => everyCredential(this.#api, Credential)),
      publishedActions: await see('data actions', () => this.#every(PATHS.dataActions, ListedAction)),
      wrapUpCodes: await see('wrap-up codes', () => this.#every('/api/v2/routing/wrapupcodes', WrapUpCode)),
      wrapUpCodeMapping: await see('wrap-up code mapping', () =>
        this.#get(PATHS.wrapUpCodeMapping, WrapUpCodeMapping),
      ),
      eventBridgeTopics: await see('topics', () => this.#topics()),
    };
    const ids = askedActions(prefix, parts);
    const actions = await see('data actions of ours', () => inTurn(ids, (id) => this.#action(id)));
    const found = { ...parts, actions };
    if (isComplete(found)) return found;
    throw new ComplianceError({
      code: 'GENESYS_UNSEEN',
      message: `expected to see the whole organisation, but not:\n${unseen.map((one) => `  ${one}`).join('\n')}`,
    });
  }

  /**
   * Makes a change.
   *
   * @throws ComplianceError as GenesysApi does; GENESYS_UNREADABLE where what was made has another name than was asked for.
   */
  async apply({ of, body, ...call }: ChangeCall): Promise<void> {
    const made = await this.#api.send({ ...callFor(of, call), body }, Named);
    const asked = Named.safeParse(body).data?.name;
    // Found by its name next time, it would be made again and again.
    if (call.verb !== 'CREATE' || made.name === asked) return;
    throw new ComplianceError({
      code: 'GENESYS_UNREADABLE',
      message: `expected what was made (${of}) to be called ${asked}, got another name; rename it, and run setup again`,
    });
  }

  async #integrations(): Promise<Integration[]> {
    const kinds = [LAMBDA_INTEGRATION, EVENT_INTEGRATION];
    const listed = await this.#every(PATHS.integrations, ListedIntegration);
    const ours = listed.filter(({ integrationType }) => kinds.includes(integrationType?.id ?? ''));
    return await inTurn(ours, async (integration) => ({
      ...integration,
      config: await this.#get(`${PATHS.integrations}/${integration.id}/config/current`, IntegrationConfig),
    }));
  }

  /** An action names its templates and leaves their text to another call. */
  async #action(id: string): Promise<DataAction> {
    const path = `${PATHS.dataActions}/${encodeURIComponent(id)}`;
    const query = { expand: 'contract', includeConfig: 'true' };
    const action = await this.#api.send({ method: 'GET', path, query }, DataAction);
    const template = async (file: string) =>
      await this.#api.send({ method: 'GET', path: `${path}/templates/${file}`, plainText: true }, z.string());
    const { request, response } = action.config;
    const requestTemplate = request.requestTemplate ?? (await template('requesttemplate.vm'));
    const successTemplate = response.successTemplate ?? (await template('successtemplate.vm'));
    const config = {
      ...action.config,
      request: { ...request, requestTemplate },
      response: { ...response, successTemplate },
    };
    return { ...action, config };
  }

  async #topics(): Promise<string[]> {
    const path = '/api/v2/notifications/availabletopics';
    const answer = z.object({ entities: z.array(AvailableTopic) });
    const call: GenesysCall = { method: 'GET', path, query: { expand: 'transports' } };
    const { entities } = await this.#api.send(call, answer);
    const reaches = ({ transports }: z.infer<typeof AvailableTopic>) =>
      transports.some((transport) => /^(?:all|eventbridge)$/i.test(transport));
    return entities.filter(reaches).map(({ id }) => id);
  }

  async #every<T extends { readonly id: string }>(
    path: string,
    one: z.ZodType<T>,
    query: Readonly<Record<string, string>> = {},
  ): Promise<readonly T[]> {
    return await everyPage(this.#api, { path, query }, one);
  }

  async #get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return await this.#api.send({ method: 'GET', path }, answer);
  }
}

function callFor(
  of: Resource,
  call: { readonly verb: ChangeCall['verb']; readonly id?: string },
): Pick<GenesysCall, 'method' | 'path' | 'query'> {
  if (call.verb === 'CREATE') return { method: 'POST', path: PATHS[of] };
  const id = encodeURIComponent(call.id ?? '');
  const method = call.verb === 'REPLACE' ? 'PUT' : 'PATCH';
  if (of === 'wrapUpCodeMapping') return { method, path: PATHS[of] };
  if (of === 'integrationConfigs') return { method, path: `${PATHS[of]}/${id}/config/current` };
  // Without the word the platform rounds the number of calls for each agent.
  const query = of === 'campaigns' ? { query: { useMaxCallsPerAgentDecimal: 'true' } } : {};
  return { method, path: `${PATHS[of]}/${id}`, ...query };
}

/** Published actions that have our name, or are asked by a rule set that has. */
function askedActions(
  prefix: string,
  { ruleSets = [], digitalRuleSets = [], publishedActions = [] }: Seen<Organization>,
): readonly string[] {
  const isOurs = ({ name }: { readonly name: string }) => name.startsWith(`${prefix} `);
  const asked = [
    ...ruleSets.filter(isOurs).flatMap(({ rules }) => {
      return rules.flatMap(({ conditions }) => conditions.map(({ dataAction }) => dataAction?.id));
    }),
    ...digitalRuleSets.filter(isOurs).flatMap(({ rules }) => {
      return rules.flatMap(({ conditions }) =>
        conditions.map((condition) => condition.dataActionConditionSettings?.dataActionId),
      );
    }),
  ];
  return publishedActions.filter((one) => isOurs(one) || asked.includes(one.id)).map(({ id }) => id);
}

type Seen<T> = { readonly [K in keyof T]?: T[K] | undefined };

function isComplete(seen: Seen<Organization>): seen is Organization {
  return Object.values(seen).every((part) => part !== undefined);
}

/** One after the other: the rate limit lets no more through at once. */
async function inTurn<T, U>(all: readonly T[], make: (one: T) => Promise<U>): Promise<U[]> {
  const made: U[] = [];
  for (const one of all) made.push(await make(one));
  return made;
}
