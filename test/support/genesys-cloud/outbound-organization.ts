import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  ActionBody,
  ActionPatch,
  CredentialBody,
  DigitalRuleSetBody,
  DncListBody,
  IntegrationBody,
  IntegrationConfigBody,
  IntegrationPatch,
  RuleSetBody,
  WrapUpCodeMappingBody,
} from './outbound-bodies.ts';
import { created, cursored, isTaken, paged, replaced, type Versioned } from './outbound-stores.ts';
import type { OutboundWorld, StoredAction } from './outbound-world.ts';
import { type FakeAnswer, type FakeRoute, refusal, type SeenCall } from './server.ts';

const ID = '([^/]+)';
const ok = (body: unknown): FakeAnswer => ({ status: 200, body });

const conflict = (code = 'invalid.update.wrong.version') => refusal(409, 'refused', code);

/** The routes of integrations and outbound dialling of an organisation, which the calls change. */
export function createOutboundOrganization(world: OutboundWorld): readonly FakeRoute[] {
  const route = (method: string, path: string, answer: FakeRoute['answer']): FakeRoute => ({
    method,
    path: new RegExp(`^/api/v2/${path}$`),
    answer,
  });
  const listing = (path: string, entities: () => readonly object[]) =>
    route('GET', path, (call) => paged(call, entities()));
  return [
    route('GET', 'organizations/me', () => ok({ id: world.organizationId, name: 'Example' })),
    listing('outbound/campaigns', () => world.campaigns),
    listing('outbound/messagingcampaigns', () => world.messagingCampaigns),
    listing('outbound/contactlists', () => world.contactLists),
    listing('outbound/rulesets', () => world.ruleSets),
    listing('outbound/digitalrulesets', () => world.digitalRuleSets),
    listing('routing/wrapupcodes', () => world.wrapUpCodes),
    listing('integrations', () => world.integrations.map(({ config: _config, ...one }) => one)),
    listing('integrations/actions', () => world.actions.map((action) => bareAction(action))),
    route('GET', 'outbound/dnclists', (call) =>
      paged(
        call,
        world.dncLists.map(({ size, ...list }) =>
          call.query.get('includeSize') === 'true' ? { ...list, size } : list,
        ),
      ),
    ),
    route('GET', 'integrations/credentials/listing', (call) => cursored(call, world.credentials)),
    route('GET', 'notifications/availabletopics', (call) =>
      call.query.get('expand') === 'transports' ? ok({ entities: world.topics }) : refusal(400),
    ),
    route('GET', 'outbound/wrapupcodemappings', () => ok(world.wrapUpCodeMapping)),
    route('PUT', 'outbound/wrapupcodemappings', (call) => putMapping(world, call)),
    ...campaignRoutes(world, route),
    ...ruleSetRoutes(world, route),
    ...integrationRoutes(world, route),
    ...actionRoutes(world, route),
  ];
}

type MakeRoute = (method: string, path: string, answer: FakeRoute['answer']) => FakeRoute;

function campaignRoutes(world: OutboundWorld, route: MakeRoute): FakeRoute[] {
  const put =
    (stored: Versioned[], sets: readonly Versioned[]) => (call: SeenCall, ids: readonly string[]) => {
      const body = Refs.safeParse(call.body);
      if (!body.success) return refusal(400);
      if (world.runningCampaigns.has(ids[0] ?? '')) return conflict('invalid.update.campaign.active');
      const known = (refs: readonly { id: string }[], among: readonly Versioned[]) =>
        refs.every(({ id }) => among.some((one) => one.id === id));
      if (!known(body.data.ruleSets, sets) || !known(body.data.dncLists, world.dncLists)) return refusal(400);
      return replaced(stored, ids[0], body.data);
    };
  return [
    route('PUT', `outbound/campaigns/${ID}`, (call, ids) =>
      call.query.get('useMaxCallsPerAgentDecimal') === 'true'
        ? put(world.campaigns, world.ruleSets)(call, ids)
        : refusal(400),
    ),
    route('PUT', `outbound/messagingcampaigns/${ID}`, (call, ids) =>
      put(world.messagingCampaigns, world.digitalRuleSets)(call, ids),
    ),
    route('POST', 'outbound/dnclists', ({ body }) => {
      const parsed = DncListBody.safeParse(body);
      if (!parsed.success || isTaken(world.dncLists, parsed.data.name)) return refusal(400);
      return created(world.dncLists, { ...parsed.data, size: 0 });
    }),
  ];
}

const Refs = z.looseObject({
  name: z.string(),
  version: z.number(),
  ruleSets: z.array(z.strictObject({ id: z.string() })),
  dncLists: z.array(z.strictObject({ id: z.string() })),
});

function ruleSetRoutes(world: OutboundWorld, route: MakeRoute): FakeRoute[] {
  const kinds = [
    { path: 'outbound/rulesets', body: RuleSetBody, stored: world.ruleSets },
    { path: 'outbound/digitalrulesets', body: DigitalRuleSetBody, stored: world.digitalRuleSets },
  ] as const;
  return kinds.flatMap(({ path, body: schema, stored }) => [
    route('POST', path, ({ body }) => {
      const parsed = schema.safeParse(body);
      if (!parsed.success || !asksWhatThereIs(world, parsed.data)) return refusal(400);
      return isTaken(stored, parsed.data.name) ? refusal(400) : created(stored, parsed.data);
    }),
    route('PUT', `${path}/${ID}`, ({ body }, [id]) => {
      const parsed = schema.safeParse(body);
      if (!parsed.success || !asksWhatThereIs(world, parsed.data)) return refusal(400);
      return replaced(stored, id, parsed.data);
    }),
  ]);
}

/** Data actions that are published, and inputs that they take; orders and names of rules are each there once. */
function asksWhatThereIs(
  { actions }: OutboundWorld,
  { rules }: z.infer<typeof RuleSetBody> | z.infer<typeof DigitalRuleSetBody>,
): boolean {
  const unique = (values: readonly unknown[]) => new Set(values).size === values.length;
  if (!unique(rules.map(({ name }) => name)) || !unique(rules.map(({ order }) => order))) return false;
  const questions = rules.flatMap((rule) => rule.conditions.map(questionOf));
  return questions.every((question) => {
    if (question === undefined) return true;
    const { contactColumnToDataActionFieldMappings: mappings = [], contactIdField = 'contactId' } = question;
    const action = actions.find(({ id }) => id === question.actionId);
    const inputs = Object.keys(action?.contract.input.inputSchema.properties ?? {});
    return [...mappings.map((one) => one.dataActionField), contactIdField].every((field) =>
      inputs.includes(field),
    );
  });
}

type DialerCondition = z.infer<typeof RuleSetBody>['rules'][number]['conditions'][number];
type DigitalCondition = z.infer<typeof DigitalRuleSetBody>['rules'][number]['conditions'][number];

function questionOf(condition: DialerCondition | DigitalCondition) {
  if ('type' in condition) return condition.dataAction && { ...condition, actionId: condition.dataAction.id };
  const settings = condition.dataActionConditionSettings;
  return settings && { ...settings, actionId: settings.dataActionId };
}

function integrationRoutes(world: OutboundWorld, route: MakeRoute): FakeRoute[] {
  const one = (id: string | undefined) => world.integrations.find((each) => each.id === id);
  return [
    route('POST', 'integrations/credentials', ({ body }) => {
      const parsed = CredentialBody.safeParse(body);
      if (!parsed.success) return refusal(400);
      // What it holds is told to nobody again.
      return created(world.credentials, { name: parsed.data.name, type: parsed.data.type });
    }),
    route('POST', 'integrations', ({ body }) => {
      const parsed = IntegrationBody.safeParse(body);
      if (!parsed.success) return refusal(400);
      const { name } = parsed.data;
      const config = { name, version: 1, notes: '', properties: {}, advanced: {}, credentials: {} };
      const states = { intendedState: 'DISABLED', reportedState: { code: 'INACTIVE' } };
      return created(world.integrations, { ...parsed.data, ...states, config });
    }),
    route('GET', `integrations/${ID}/config/current`, (_, [id]) => {
      const config = one(id)?.config;
      return config === undefined ? refusal(404) : ok(config);
    }),
    route('PUT', `integrations/${ID}/config/current`, ({ body }, [id]) => {
      const parsed = IntegrationConfigBody.safeParse(body);
      const integration = one(id);
      if (!parsed.success || integration === undefined) return refusal(400);
      const given = Object.values(parsed.data.credentials).map((credential) => credential.id);
      if (!given.every((each) => world.credentials.some((known) => known.id === each))) return refusal(400);
      if (parsed.data.version !== integration.config.version) return conflict('version.mismatch');
      integration.config = { ...parsed.data, version: parsed.data.version + 1 };
      integration.name = parsed.data.name;
      return ok(integration.config);
    }),
    route('PATCH', `integrations/${ID}`, ({ body }, [id]) => {
      const parsed = IntegrationPatch.safeParse(body);
      const integration = one(id);
      if (!parsed.success || integration === undefined) return refusal(400);
      const { credentials, properties } = integration.config;
      // Neither kind runs before it is set.
      if (Object.keys({ ...credentials, ...properties }).length === 0) return refusal(400);
      Object.assign(integration, parsed.data, { reportedState: { code: 'ACTIVE' } });
      return ok(integration);
    }),
  ];
}

function actionRoutes(world: OutboundWorld, route: MakeRoute): FakeRoute[] {
  const one = (id: string | undefined) => world.actions.find((action) => action.id === id);
  return [
    route('POST', 'integrations/actions', ({ body }) => {
      const parsed = ActionBody.safeParse(body);
      const owner = world.integrations.find(({ id }) => id === parsed.data?.integrationId);
      if (!parsed.success || owner === undefined) return refusal(400);
      const action = { ...parsed.data, id: randomUUID(), version: 1 };
      world.actions.push(action);
      return ok(bareAction(action));
    }),
    route('GET', `integrations/actions/${ID}`, ({ query }, [id]) => {
      const action = one(id);
      if (action === undefined) return refusal(404);
      const isWhole = query.get('expand') === 'contract' && query.get('includeConfig') === 'true';
      return ok(
        isWhole
          ? { ...bareAction(action), contract: action.contract, config: told(action) }
          : bareAction(action),
      );
    }),
    route(
      'GET',
      `integrations/actions/${ID}/templates/(requesttemplate|successtemplate).vm`,
      (_, [id, file]) => {
        const config = one(id)?.config;
        if (config === undefined) return refusal(404);
        const { request, response } = config;
        return ok(file === 'requesttemplate' ? request.requestTemplate : response.successTemplate);
      },
    ),
    route('PATCH', `integrations/actions/${ID}`, ({ body }, [id]) => {
      const parsed = ActionPatch.safeParse(body);
      const action = one(id);
      if (!parsed.success || action === undefined) return refusal(400);
      if (parsed.data.version !== action.version) return conflict();
      Object.assign(action, parsed.data, { version: action.version + 1 });
      return ok(bareAction(action));
    }),
  ];
}

/** Templates are named, not told. */
function told({ id, config }: StoredAction) {
  const { requestTemplate: _request, ...request } = config.request;
  const { successTemplate: _success, ...response } = config.response;
  const uri = (file: string) => `/api/v2/integrations/actions/${id}/templates/${file}.vm`;
  return {
    ...config,
    request: { ...request, requestTemplateUri: uri('requesttemplate') },
    response: { ...response, successTemplateUri: uri('successtemplate') },
  };
}

function bareAction({ id, name, category, integrationId, version, secure }: StoredAction) {
  return { id, name, category, integrationId, version, secure };
}

function putMapping(world: OutboundWorld, { body }: SeenCall): FakeAnswer {
  const parsed = WrapUpCodeMappingBody.safeParse(body);
  if (!parsed.success) return refusal(400);
  if (parsed.data.version !== world.wrapUpCodeMapping.version) return conflict();
  world.wrapUpCodeMapping = { ...parsed.data, version: (parsed.data.version ?? 0) + 1 };
  return ok(world.wrapUpCodeMapping);
}
