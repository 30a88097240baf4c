import { createHash } from 'node:crypto';
import type { Channel } from '../vocabulary.ts';
import { type AnyCampaign, campaignsOf } from './campaigns.ts';
import { PHONE_INPUTS, type WantedAction, wantedAction } from './data-action.ts';
import type { ContactList, Organization } from './organization.ts';
import type { Plan } from './plan.ts';

export type WantedMapping = { readonly contactColumnName: string; readonly dataActionField: string };

/** A rule set of ours: it lets nobody be contacted whom the check does not allow. */
export type WantedGate = {
  readonly name: string;
  readonly channel: Channel;
  readonly contactListId: string;
  readonly actionName: string;
  /** One rule for each: what its condition passes. A check decides all numbers of a contact at once, and one address. */
  readonly rules: readonly { readonly name: string; readonly mappings: readonly WantedMapping[] }[];
};

export type WantedCampaign = {
  readonly campaign: AnyCampaign;
  readonly gateName: string;
  /** By id, or by name where they are yet to be made. */
  readonly dncLists: readonly { readonly name: string; readonly id: string | undefined }[];
};

/** What the plan asks of an organisation. */
export type Wanted = {
  readonly prefix: string;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly actions: readonly WantedAction[];
  readonly gates: readonly WantedGate[];
  readonly campaigns: readonly WantedCampaign[];
  readonly wrapUpCodes: readonly { readonly name: string; readonly id: string | undefined }[];
  /** Names that say nothing, or more than one thing. */
  readonly problems: readonly string[];
};

export type Deployment = { readonly functionArn: string; readonly roleArn: string };

export const RULE = 'Block unless ALLOW';

/** What a plan means in an organisation. */
export function wantedOf(found: Organization, plan: Plan, deployment: Deployment): Wanted {
  const problems: string[] = [];
  const seek = <T extends Named>(kind: string, among: readonly T[], name: string): T | undefined => {
    const hits = among.filter((one) => one.id === name || one.name === name);
    if (hits.length === 0) problems.push(`there is no ${kind} ${name}`);
    if (hits.length > 1) problems.push(`there are ${hits.length} of the ${kind} ${name}: give its id`);
    return hits.length === 1 ? hits[0] : undefined;
  };
  const planned = plan.campaigns.flatMap((one) => {
    const campaign = seek('campaign', campaignsOf(found), one.campaign);
    if (campaign === undefined) return [];
    const list = found.contactLists.find(({ id }) => id === campaign.contactListId);
    const gate = gateOf({ plan, campaign, list, use: one.use });
    if (typeof gate === 'string') problems.push(gate);
    const made = new Set(plan.dncLists.map(({ name }) => name));
    const dncLists = one.dncLists.map((name) => {
      const isMade = made.has(name) && !found.dncLists.some((list) => list.name === name);
      return { name, id: isMade ? undefined : seek('do-not-contact list', found.dncLists, name)?.id };
    });
    return typeof gate === 'string' ? [] : [{ campaign, gate, use: one.use, dncLists }];
  });
  for (const { campaign } of plan.exempt) seek('campaign', campaignsOf(found), campaign);
  for (const { contactList } of plan.contactLists) seek('contact list', found.contactLists, contactList);
  const wrapUpCodes = plan.optOutWrapUpCodes.map((name) => ({
    name,
    id: seek('wrap-up code', found.wrapUpCodes, name)?.id,
  }));
  return {
    prefix: plan.prefix,
    ...deployment,
    actions: actionsOf(plan, planned, deployment),
    gates: byName(planned.map(({ gate }) => gate)),
    campaigns: planned.map(({ campaign, gate, dncLists }) => ({ campaign, gateName: gate.name, dncLists })),
    wrapUpCodes,
    problems,
  };
}

type Named = { readonly id: string; readonly name: string };
type Planned = { readonly gate: WantedGate; readonly use: string };

function actionsOf(plan: Plan, planned: readonly Planned[], { functionArn }: Deployment): WantedAction[] {
  const { timeoutSeconds } = plan.dataAction;
  const actions = planned.flatMap(({ gate, use: name }) => {
    const use = plan.uses[name];
    const asked = { name: gate.actionName, channel: gate.channel };
    return use === undefined ? [] : [wantedAction({ ...asked, use }, { functionArn, timeoutSeconds })];
  });
  return byName(actions);
}

type GateOf = {
  readonly plan: Plan;
  readonly campaign: AnyCampaign;
  readonly list: ContactList | undefined;
  readonly use: string;
};

/** The gate of a campaign, or why it can have none. */
function gateOf({ plan, campaign, list, use }: GateOf): WantedGate | string {
  const { channel, name } = campaign;
  if (list === undefined) return `the contact list of the campaign ${name} cannot be seen`;
  if (channel !== 'VOICE' && channel !== 'SMS' && channel !== 'EMAIL')
    return `the campaign ${name} is none of calls, texts or e-mails: a check knows no other channel`;
  const isList = ({ contactList }: { contactList: string }) =>
    contactList === list.id || contactList === list.name;
  const beside = plan.contactLists.filter(isList).flatMap(({ columns }) =>
    Object.entries(columns).map(([contactColumnName, dataActionField]) => ({
      contactColumnName,
      dataActionField,
    })),
  );
  // The number that is dialled is no input of a rule, so all that may be dialled are checked.
  const columns = channel === 'VOICE' ? list.phoneColumns.map((one) => one.columnName) : campaign.columns;
  if (columns.length === 0 || columns.length > PHONE_INPUTS.length)
    return `the campaign ${name}: expected 1 to ${PHONE_INPUTS.length} columns of addresses, got ${columns.length}`;
  return {
    // A name that stays when the list or the campaign is renamed, and changes with what is to be checked.
    name: `${plan.prefix} ${use} ${channel} ${shortHash([list.id, ...(channel === 'VOICE' ? [] : columns)])}`,
    channel,
    contactListId: list.id,
    actionName: `${plan.prefix} ${use} ${channel}`,
    rules: rulesOf(channel, columns).map((rule) => ({ ...rule, mappings: [...rule.mappings, ...beside] })),
  };
}

function rulesOf(channel: Channel, columns: readonly string[]): WantedGate['rules'] {
  if (channel === 'VOICE') {
    const mappings = columns.map((column, at) => mapping(column, PHONE_INPUTS[at] ?? ''));
    return [{ name: RULE, mappings }];
  }
  const field = channel === 'SMS' ? 'phoneNumber' : 'email';
  return columns.map((column, at) => ({
    name: at === 0 ? RULE : `${RULE} (${at + 1})`,
    mappings: [mapping(column, field)],
  }));
}

function mapping(contactColumnName: string, dataActionField: string): WantedMapping {
  return { contactColumnName, dataActionField };
}

function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
