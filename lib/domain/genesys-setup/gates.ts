import { canonicalJson } from '../canonical-json.ts';
import type { Channel } from '../vocabulary.ts';
import type {
  DialerRule,
  DigitalRule,
  DigitalRuleSet,
  Organization,
  Predicate,
  RuleSet,
} from './organization.ts';
import type { WantedGate, WantedMapping } from './wanted.ts';

/** A rule of a rule set of either kind, as far as it stands between a contact and the contacting. */
export type GateRule = {
  readonly name: string;
  /** Whether it is evaluated before the contact. */
  readonly isBefore: boolean;
  /** Whether it keeps the contact from being made. */
  readonly blocks: boolean;
  /** Kinds of the conditions that are no question to a data action: all conditions must hold for the rule to act. */
  readonly otherConditions: readonly string[];
  readonly asks: readonly GateQuestion[];
};

export type GateQuestion = {
  readonly actionId: string;
  readonly inverted: boolean;
  readonly dataNotFoundResolution: boolean;
  readonly predicates: readonly Pick<
    Predicate,
    'outputField' | 'outputOperator' | 'comparisonValue' | 'inverted' | 'outputFieldMissingResolution'
  >[];
  readonly mappings: readonly WantedMapping[];
};

/** A rule set of the organisation. */
export type Gate = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'VOICE' | 'DIGITAL';
  /** In the order in which they are evaluated. */
  readonly rules: readonly GateRule[];
};

/** Every rule set, of calls and of messages. */
export function gatesOf({ ruleSets, digitalRuleSets }: Organization): readonly Gate[] {
  return [
    ...ruleSets.map(
      (set): Gate => ({ ...named(set), kind: 'VOICE', rules: inOrder(set.rules).map(dialerRule) }),
    ),
    ...digitalRuleSets.map(
      (set): Gate => ({ ...named(set), kind: 'DIGITAL', rules: inOrder(set.rules).map(digitalRule) }),
    ),
  ];
}

/** Whether a rule set begins with the rules that are wanted, word for word. */
export function isAsWanted(gate: Gate, wanted: WantedGate, actionId: string): boolean {
  const own = wantedRules(wanted, actionId);
  return canonicalJson(gate.rules.slice(0, own.length)) === canonicalJson(own);
}

/** What is not an explicit ALLOW blocks: no data, no field, any other word. */
const NOT_ALLOW = {
  outputField: 'decision',
  outputOperator: 'EQUALS',
  comparisonValue: 'ALLOW',
  inverted: true,
  outputFieldMissingResolution: true,
} as const;

/** Whether a predicate holds for every answer but ALLOW. */
export function isNotAllow(predicate: GateQuestion['predicates'][number]): boolean {
  const { outputField, outputOperator, comparisonValue, inverted } = predicate;
  return outputField === 'decision' && outputOperator === 'EQUALS' && comparisonValue === 'ALLOW' && inverted;
}

function wantedRules({ rules }: WantedGate, actionId: string): readonly GateRule[] {
  return rules.map(({ name, mappings }) => ({
    name,
    isBefore: true,
    blocks: true,
    otherConditions: [],
    asks: [
      {
        actionId,
        inverted: false,
        dataNotFoundResolution: true,
        predicates: [NOT_ALLOW],
        mappings: mappings.map(bareMapping),
      },
    ],
  }));
}

/** The body of a rule set that is as wanted; rules of others in it stay, behind ours. */
export function ruleSetBody(
  wanted: WantedGate,
  actionId: string,
  found: RuleSet | DigitalRuleSet | undefined,
): Readonly<Record<string, unknown>> {
  const own = wanted.rules.map((rule) => bodyOf(wanted.channel, rule, actionId));
  const names = new Set(wanted.rules.map(({ name }) => name));
  const others = inOrder<DialerRule | DigitalRule>(found?.rules ?? []).filter(({ name }) => !names.has(name));
  return {
    ...(found ?? {}),
    name: wanted.name,
    contactList: { id: wanted.contactListId },
    rules: [...own, ...others].map((rule, order) => ({ ...rule, order })),
  };
}

function bodyOf(channel: Channel, { name, mappings }: WantedGate['rules'][number], actionId: string) {
  const question = {
    contactIdField: 'contactId',
    dataNotFoundResolution: true,
    contactColumnToDataActionFieldMappings: mappings,
  };
  if (channel !== 'VOICE') {
    const settings = {
      ...question,
      dataActionId: actionId,
      predicates: [{ ...NOT_ALLOW, outputOperator: 'Equals' }],
    };
    return {
      name,
      category: 'PreContact',
      conditions: [{ inverted: false, dataActionConditionSettings: settings }],
      actions: [{ doNotSendActionSettings: {} }],
    };
  }
  return {
    name,
    category: 'DIALER_PRECALL',
    conditions: [
      {
        type: 'dataActionCondition',
        inverted: false,
        dataAction: { id: actionId },
        ...question,
        predicates: [NOT_ALLOW],
      },
    ],
    actions: [{ type: 'Action', actionTypeName: 'DO_NOT_DIAL', properties: {} }],
  };
}

function dialerRule({ name, category, conditions, actions }: DialerRule): GateRule {
  return {
    name,
    isBefore: category === 'DIALER_PRECALL',
    blocks: actions.some(({ actionTypeName }) => actionTypeName === 'DO_NOT_DIAL'),
    otherConditions: conditions.filter(({ type }) => type !== 'dataActionCondition').map(({ type }) => type),
    asks: conditions.flatMap((condition) =>
      condition.type !== 'dataActionCondition'
        ? []
        : [questionOf(condition.dataAction?.id ?? '', condition.inverted, condition)],
    ),
  };
}

function digitalRule({ name, category, conditions, actions }: DigitalRule): GateRule {
  return {
    name,
    isBefore: category === 'PreContact',
    blocks: actions.some(({ doNotSendActionSettings: settings }) => settings !== undefined),
    otherConditions: conditions.flatMap((condition) =>
      condition.dataActionConditionSettings === undefined ? [Object.keys(condition).join(' ')] : [],
    ),
    asks: conditions.flatMap(({ inverted, dataActionConditionSettings: settings }) =>
      settings === undefined ? [] : [questionOf(settings.dataActionId, inverted, settings)],
    ),
  };
}

type Settings = {
  readonly dataNotFoundResolution: boolean;
  readonly predicates: readonly Predicate[];
  readonly contactColumnToDataActionFieldMappings: readonly WantedMapping[];
};

function questionOf(actionId: string, inverted: boolean, settings: Settings): GateQuestion {
  return {
    actionId,
    inverted,
    dataNotFoundResolution: settings.dataNotFoundResolution,
    predicates: settings.predicates.map((predicate) => ({
      outputField: predicate.outputField,
      // EQUALS in rules of calls, Equals in those of messages.
      outputOperator: predicate.outputOperator.toUpperCase(),
      comparisonValue: predicate.comparisonValue,
      inverted: predicate.inverted,
      outputFieldMissingResolution: predicate.outputFieldMissingResolution,
    })),
    mappings: settings.contactColumnToDataActionFieldMappings.map(bareMapping),
  };
}

function bareMapping({ contactColumnName, dataActionField }: WantedMapping): WantedMapping {
  return { contactColumnName, dataActionField };
}

function named({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name };
}

function inOrder<T extends { readonly order: number }>(rules: readonly T[]): T[] {
  return rules.toSorted((one, other) => one.order - other.order);
}
