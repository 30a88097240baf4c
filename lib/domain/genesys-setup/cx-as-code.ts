import { type EventSource, wantedTopics } from './event-source.ts';
import { ruleSetBody } from './gates.ts';
import { credentialName } from './integration-changes.ts';
import { EVENT_INTEGRATION, LAMBDA_INTEGRATION, type Organization } from './organization.ts';
import type { Plan } from './plan.ts';
import { shortHash, type Wanted, type WantedGate } from './wanted.ts';

export type CxAsCode = {
  /** A Terraform configuration in JSON, for a file that ends in .tf.json. */
  readonly configuration: object;
  /** What the provider would not make as setup does. */
  readonly caveats: readonly string[];
};

type Blocks = Record<string, object>;

/**
 * What setup makes, as resources of Terraform's provider for Genesys Cloud. Campaigns are not among them: the provider
 * takes a campaign whole, or not at all. https://registry.terraform.io/providers/MyPureCloud/genesyscloud
 */
export function cxAsCode(found: Organization, plan: Plan, wanted: Wanted): CxAsCode {
  const calls = wanted.gates.filter(({ channel }) => channel === 'VOICE');
  const messages = wanted.gates.filter(({ channel }) => channel !== 'VOICE');
  const resource = {
    genesyscloud_integration_credential: { role: credential(wanted) },
    genesyscloud_integration: integrations(found, plan, wanted),
    genesyscloud_integration_action: blocks(wanted.actions, action),
    genesyscloud_outbound_dnclist: blocks(plan.dncLists, dncList),
    genesyscloud_outbound_ruleset: blocks(calls, ruleSet),
    genesyscloud_outbound_digitalruleset: blocks(messages, ruleSet),
  };
  return {
    configuration: {
      terraform: { required_providers: { genesyscloud: { source: 'mypurecloud/genesyscloud' } } },
      resource: Object.fromEntries(
        Object.entries(resource).filter(([, made]) => Object.keys(made).length > 0),
      ),
      output: { rule_sets_of_campaigns: { value: attachments(wanted) } },
    },
    caveats: messages.filter(({ rules }) => rules.some(({ mappings }) => mappings.length > 1)).map(caveat),
  };
}

/** Its buildDataActionContactColumnFieldMappings returns inside its loop. */
function caveat({ name }: WantedGate): string {
  return `digital rule set ${name}: the provider keeps the first of its column mappings alone; make it with setup`;
}

function credential(wanted: Wanted) {
  return {
    name: credentialName(wanted),
    credential_type_name: 'amazonWebServicesARN',
    fields: { ARN: wanted.roleArn },
  };
}

function integrations(found: Organization, { eventBridge }: Plan, { prefix }: Wanted): Blocks {
  const role = reference('genesyscloud_integration_credential', 'role');
  const config = { name: prefix, credentials: { AmazonWebServicesARN: role } };
  return {
    lambda: integration(LAMBDA_INTEGRATION, { ...config, properties: '{}' }),
    ...(eventBridge === undefined ? {} : { events: eventSource(found, prefix, eventBridge) }),
  };
}

function eventSource(found: Organization, prefix: string, source: EventSource) {
  const properties = literal(JSON.stringify({ ...source, eventFilter: wantedTopics(found) }));
  return integration(EVENT_INTEGRATION, { name: `${prefix} events`, properties });
}

function integration(type: string, config: object) {
  return { integration_type: type, intended_state: 'ENABLED', config: [{ ...config, advanced: '{}' }] };
}

function action({ name, category, config, contract }: Wanted['actions'][number]) {
  const { request, response, timeoutSeconds } = config;
  return {
    name,
    category,
    integration_id: reference('genesyscloud_integration', 'lambda'),
    secure: false,
    config_timeout_seconds: timeoutSeconds,
    contract_input: literal(JSON.stringify(contract.input.inputSchema)),
    contract_output: literal(JSON.stringify(contract.output.successSchema)),
    config_request: [
      {
        request_url_template: literal(request.requestUrlTemplate),
        request_type: request.requestType,
        request_template: literal(request.requestTemplate),
      },
    ],
    config_response: [{ success_template: literal(response.successTemplate) }],
  };
}

function dncList({ name, contactMethod }: Plan['dncLists'][number]) {
  return { name, dnc_source_type: 'rds', contact_method: contactMethod };
}

function ruleSet(gate: WantedGate) {
  const action = reference('genesyscloud_integration_action', label(gate.actionName));
  return {
    name: gate.name,
    contact_list_id: gate.contactListId,
    rules: inTerraform(ruleSetBody(gate, action, undefined)['rules'], action),
  };
}

function attachments({ campaigns, gates }: Wanted): object {
  return Object.fromEntries(
    campaigns.map(({ campaign, gateName }) => {
      const isCalls = gates.find(({ name }) => name === gateName)?.channel === 'VOICE';
      const type = isCalls ? 'genesyscloud_outbound_ruleset' : 'genesyscloud_outbound_digitalruleset';
      return [literal(campaign.name), reference(type, label(gateName))];
    }),
  );
}

/** Where the provider has another form for what the API takes. */
const OTHERWISE: Readonly<Record<string, (converted: unknown, action: string) => object>> = {
  dataAction: (_reference, action) => ({ data_action_id: action }),
  dataActionConditionSettings: (settings) => ({ data_action_condition_settings: [settings] }),
  doNotSendActionSettings: () => ({ do_not_send_action_settings: '{}' }),
};

/** The provider's names are those of the API in lower case with underscores, but for a few. */
function inTerraform(value: unknown, action: string): unknown {
  if (typeof value === 'string') return value === action ? value : literal(value);
  if (Array.isArray(value)) return value.map((one) => inTerraform(one, action));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const converted = inTerraform(inner, action);
      return Object.entries(OTHERWISE[key]?.(converted, action) ?? { [snake(key)]: converted });
    }),
  );
}

function blocks<T extends { readonly name: string }>(all: readonly T[], make: (one: T) => object): Blocks {
  return Object.fromEntries(all.map((one) => [label(one.name), make(one)]));
}

/** A label of a block; names that differ have labels that differ. */
function label(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
  return plain === name ? name : `${plain}_${shortHash(name)}`;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function reference(type: string, name: string): string {
  return `\${${type}.${name}.id}`;
}

/** Terraform fills `${` and `%{` in, in JSON too; doubled they mean themselves. */
function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
