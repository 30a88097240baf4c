import type { Change } from './change.ts';
import { type EventSource, sourceOf, topicsOf, wantedTopics } from './event-source.ts';
import {
  EVENT_INTEGRATION,
  type Integration,
  type IntegrationConfig,
  LAMBDA_INTEGRATION,
  type Organization,
} from './organization.ts';
import { shortHash, type Wanted } from './wanted.ts';

const CREDENTIAL_KEY = 'AmazonWebServicesARN';
const CREDENTIAL_TYPE = 'amazonWebServicesARN';
const NOTES = 'Made by dialguard genesys setup.';

/** The integration of ours that invokes the check. */
export function lambdaIntegration(
  { integrations }: Organization,
  { prefix }: Wanted,
): Integration | undefined {
  return integrations.find(({ name, integrationType }) => {
    return name === prefix && integrationType?.id === LAMBDA_INTEGRATION;
  });
}

/** A credential tells nobody its role again, so its name says which it is. */
export function credentialName({ prefix, roleArn }: Wanted): string {
  return `${prefix} role ${shortHash(roleArn)}`;
}

/** Whether the integration acts as the role of the plan. */
export function actsAs(found: Organization, wanted: Wanted, { config }: Integration): boolean {
  const id = config.credentials[CREDENTIAL_KEY]?.id;
  return found.credentials.some((one) => one.id === id && one.name === credentialName(wanted));
}

/** Role first, then the integration, its settings, and last it is switched on. */
export function lambdaIntegrationChanges(found: Organization, wanted: Wanted): Change[] {
  const name = credentialName(wanted);
  const credential = found.credentials.find((one) => one.name === name);
  const integration = lambdaIntegration(found, wanted);
  const isSet = integration !== undefined && actsAs(found, wanted, integration);
  const ask = { prefix: wanted.prefix, type: LAMBDA_INTEGRATION, found: integration };
  return [
    ...(credential === undefined ? [credentialChange(wanted, name)] : []),
    ...createChange(ask),
    ...(isSet ? [] : [attachChange(wanted, integration, credential?.id)]),
    ...enableChange(ask, isSet),
  ];
}

function credentialChange({ roleArn }: Wanted, name: string): Change {
  const body = { name, type: { name: CREDENTIAL_TYPE }, credentialFields: { ARN: roleArn } };
  return {
    says: `make a credential for the role ${roleArn}`,
    call: { verb: 'CREATE', of: 'credentials', body },
  };
}

function attachChange(wanted: Wanted, integration: Integration | undefined, credentialId?: string): Change {
  const says = `let the integration ${wanted.prefix} act as the role ${wanted.roleArn}`;
  if (integration === undefined || credentialId === undefined) return { says };
  const credentials = { ...integration.config.credentials, [CREDENTIAL_KEY]: { id: credentialId } };
  return { says, call: configCall(integration, { credentials }) };
}

/** The source of the events: made, its topics added, switched on. Topics that others asked for stay. */
export function eventSourceChanges(found: Organization, prefix: string, wanted: EventSource): Change[] {
  const name = `${prefix} events`;
  // One that a broken run has made is not set yet.
  const unset = found.integrations.find(
    (one) => one.name === name && one.integrationType?.id === EVENT_INTEGRATION && topicsOf(one).length === 0,
  );
  const source = sourceOf(found, wanted) ?? unset;
  const has = source === undefined ? [] : topicsOf(source);
  const missing = wantedTopics(found).filter((topic) => !has.includes(topic));
  const says = `let the integration ${source?.name ?? name} send ${missing.join(', ')} to ${wanted.awsAccountId}`;
  const properties = { ...source?.config.properties, ...wanted, eventFilter: [...has, ...missing] };
  const ask = { prefix: name, type: EVENT_INTEGRATION, found: source };
  return [
    ...createChange(ask),
    ...(missing.length === 0
      ? []
      : [source === undefined ? { says } : { says, call: configCall(source, { properties }) }]),
    ...enableChange(ask, missing.length === 0),
  ];
}

type Ask = { readonly prefix: string; readonly type: string; readonly found: Integration | undefined };

function createChange({ prefix, type, found }: Ask): Change[] {
  if (found !== undefined) return [];
  const body = { name: prefix, integrationType: { id: type } };
  return [
    { says: `make the integration ${prefix} (${type})`, call: { verb: 'CREATE', of: 'integrations', body } },
  ];
}

function enableChange({ prefix, found }: Ask, isSet: boolean): Change[] {
  if (found?.intendedState === 'ENABLED') return [];
  const says = `switch the integration ${found?.name ?? prefix} on`;
  if (found === undefined || !isSet) return [{ says }];
  return [
    { says, call: { verb: 'ALTER', of: 'integrations', id: found.id, body: { intendedState: 'ENABLED' } } },
  ];
}

function configCall({ id, config }: Integration, changed: Partial<IntegrationConfig>) {
  const notes = config.notes === '' ? NOTES : config.notes;
  return {
    verb: 'REPLACE',
    of: 'integrationConfigs',
    id,
    body: { ...config, notes, ...changed },
  } as const;
}
