import type { Change } from './change.ts';
import { differences, type WantedAction } from './data-action.ts';
import { gatesOf, isAsWanted, ruleSetBody } from './gates.ts';
import { eventSourceChanges, lambdaIntegration, lambdaIntegrationChanges } from './integration-changes.ts';
import type { DataAction, Organization } from './organization.ts';
import type { Plan } from './plan.ts';
import type { Wanted, WantedCampaign, WantedGate } from './wanted.ts';
import { isUncallable, withUncallable } from './wrap-up-mapping.ts';

/**
 * What is to be changed so that an organisation is as a plan asks, in the order in which it can be: nothing where it is so
 * already. A change without a call waits for those before it: plan again once they are made.
 */
export function planChanges(found: Organization, plan: Plan, wanted: Wanted): readonly Change[] {
  return [
    ...lambdaIntegrationChanges(found, wanted),
    ...wanted.actions.flatMap((action) => actionChange(found, wanted, action)),
    ...plan.dncLists.flatMap((list) => dncListChange(found, list)),
    ...wanted.gates.flatMap((gate) => gateChange(found, wanted, gate)),
    ...wanted.campaigns.flatMap((campaign) => campaignChange(found, wanted, campaign)),
    ...mappingChange(found, wanted),
    ...(plan.eventBridge === undefined ? [] : eventSourceChanges(found, plan.prefix, plan.eventBridge)),
  ];
}

/** The published data action of ours that has a name. */
export function actionNamed(found: Organization, wanted: Wanted, name: string): DataAction | undefined {
  const integration = lambdaIntegration(found, wanted);
  return found.actions.find((one) => one.name === name && one.integrationId === integration?.id);
}

function actionChange(found: Organization, wanted: Wanted, action: WantedAction): Change[] {
  const { name, category, config, contract } = action;
  const integration = lambdaIntegration(found, wanted);
  const existing = actionNamed(found, wanted, name);
  if (existing === undefined) {
    const says = `make the data action ${name}, which asks ${config.request.requestUrlTemplate}`;
    const body = { category, name, integrationId: integration?.id, config, contract, secure: false };
    return integration === undefined
      ? [{ says }]
      : [{ says, call: { verb: 'CREATE', of: 'dataActions', body } }];
  }
  // What an action takes and gives cannot be changed once it is published.
  const differs = differences(existing, action).filter((what) => what !== 'CONTRACT');
  if (differs.length === 0) return [];
  const body = { category, name, config, version: existing.version };
  const says = `change the data action ${name}: ${differs.join(', ').toLowerCase()}`;
  return [{ says, call: { verb: 'ALTER', of: 'dataActions', id: existing.id, body } }];
}

function dncListChange({ dncLists }: Organization, list: Plan['dncLists'][number]): Change[] {
  if (dncLists.some(({ name }) => name === list.name)) return [];
  const says = `make the do-not-contact list ${list.name}, for ${list.contactMethod.toLowerCase()}`;
  return [{ says, call: { verb: 'CREATE', of: 'dncLists', body: { ...list, dncSourceType: 'rds' } } }];
}

function gateChange(found: Organization, wanted: Wanted, gate: WantedGate): Change[] {
  const isCalls = gate.channel === 'VOICE';
  const of = isCalls ? 'ruleSets' : 'digitalRuleSets';
  const existing = [...(isCalls ? found.ruleSets : found.digitalRuleSets)].find(
    ({ name }) => name === gate.name,
  );
  const action = actionNamed(found, wanted, gate.actionName);
  const passed = gate.rules.flatMap(({ mappings }) => mappings.map((one) => one.contactColumnName));
  const columns = [...new Set(passed)].join(', ');
  const says = `${existing === undefined ? 'make' : 'change'} the rule set ${gate.name}, which passes ${columns} to the check`;
  if (action === undefined) return [{ says }];
  const body = ruleSetBody(gate, action.id, existing);
  if (existing === undefined) return [{ says, call: { verb: 'CREATE', of, body } }];
  const now = gatesOf(found).find(({ id }) => id === existing.id);
  if (now !== undefined && isAsWanted(now, gate, action.id)) return [];
  return [{ says, call: { verb: 'REPLACE', of, id: existing.id, body } }];
}

/** The rule set of a campaign comes first; older ones of ours go, those of others stay behind it. */
function campaignChange(found: Organization, wanted: Wanted, planned: WantedCampaign): Change[] {
  const { campaign, gateName } = planned;
  const gates = gatesOf(found).filter(({ kind }) => (kind === 'VOICE') === (campaign.channel === 'VOICE'));
  const gate = gates.find(({ name }) => name === gateName);
  const isOurs = new Set(
    gates.filter(({ name }) => name.startsWith(`${wanted.prefix} `)).map(({ id }) => id),
  );
  const others = campaign.ruleSetIds.filter((id) => !isOurs.has(id));
  const dncLists = planned.dncLists.map((list) => ({
    ...list,
    id: list.id ?? found.dncLists.find(({ name }) => name === list.name)?.id,
  }));
  const missing = dncLists.filter(({ id }) => id === undefined || !campaign.dncListIds.includes(id));
  const hasGate = gate !== undefined && sameIds([gate.id, ...others], campaign.ruleSetIds);
  if (hasGate && missing.length === 0) return [];
  const says = [
    ...(hasGate ? [] : [`put the rule set ${gateName} first`]),
    ...missing.map(({ name }) => `attach the list ${name}`),
  ];
  const change = { says: `campaign ${campaign.name}: ${says.join(', ')}` };
  const added = missing.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (gate === undefined || added.length < missing.length) return [change];
  const isCalls = campaign.channel === 'VOICE';
  const body = {
    ...[...found.campaigns, ...found.messagingCampaigns].find(({ id }) => id === campaign.id),
    ruleSets: [gate.id, ...others].map((id) => ({ id })),
    dncLists: [...campaign.dncListIds, ...added].map((id) => ({ id })),
  };
  const of = isCalls ? 'campaigns' : 'messagingCampaigns';
  return [{ ...change, call: { verb: 'REPLACE', of, id: campaign.id, body } }];
}

function mappingChange({ wrapUpCodeMapping }: Organization, { wrapUpCodes }: Wanted): Change[] {
  const ids = wrapUpCodes.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const callable = wrapUpCodes.filter(({ id }) => id !== undefined && !isUncallable(wrapUpCodeMapping, id));
  if (callable.length === 0) return [];
  const says = `mark as uncallable: the wrap-up codes ${callable.map(({ name }) => name).join(', ')}`;
  const body = withUncallable(wrapUpCodeMapping, ids);
  return [{ says, call: { verb: 'REPLACE', of: 'wrapUpCodeMapping', id: '', body } }];
}

function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
