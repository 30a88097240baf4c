import { callbackAfterOptOut } from './checks/callback-after-opt-out.ts';
import { campaignNotInPlan } from './checks/campaign-not-in-plan.ts';
import { campaignWithoutDncList } from './checks/campaign-without-dnc-list.ts';
import {
  digitalCampaignWithoutRuleSet,
  voiceCampaignWithoutRuleSet,
} from './checks/campaign-without-rule-set.ts';
import { type Check, type Given, sceneOf } from './checks/check.ts';
import { columnMissingInList } from './checks/column-missing-in-list.ts';
import { columnNotMapped } from './checks/column-not-mapped.ts';
import { dataActionAsksOtherwise } from './checks/data-action-asks-otherwise.ts';
import { dataActionElsewhere } from './checks/data-action-elsewhere.ts';
import { dataActionTimeout } from './checks/data-action-timeout.ts';
import { dataActionUnpublished } from './checks/data-action-unpublished.ts';
import { diallerListNotAttached, diallerListUnknown } from './checks/dialler-list.ts';
import { dncListNearlyFull } from './checks/dnc-list-nearly-full.ts';
import { eventSourceOff, eventTopicMissing } from './checks/event-source-off.ts';
import { integrationOff } from './checks/integration-off.ts';
import { missingDataContacts } from './checks/missing-data-contacts.ts';
import { optOutCodeCallable } from './checks/opt-out-code-callable.ts';
import { planNamesNothing } from './checks/plan-names-nothing.ts';
import { predicateNotInvertedAllow } from './checks/predicate-not-inverted-allow.ts';
import { previewRuleNotEvaluated } from './checks/preview-rule-not-evaluated.ts';
import { ruleDoesNotBlock } from './checks/rule-does-not-block.ts';
import { ruleNotFirst } from './checks/rule-not-first.ts';
import { wrapUpCodeChanged } from './checks/wrap-up-code-changed.ts';

/** All that is looked for, the worst first. */
export const CHECKS: readonly Check[] = [
  voiceCampaignWithoutRuleSet,
  digitalCampaignWithoutRuleSet,
  columnNotMapped,
  predicateNotInvertedAllow,
  missingDataContacts,
  ruleDoesNotBlock,
  dataActionElsewhere,
  dataActionAsksOtherwise,
  campaignWithoutDncList,
  diallerListNotAttached,
  wrapUpCodeChanged,
  eventSourceOff,
  eventTopicMissing,
  campaignNotInPlan,
  planNamesNothing,
  columnMissingInList,
  ruleNotFirst,
  dataActionTimeout,
  callbackAfterOptOut,
  previewRuleNotEvaluated,
  dncListNearlyFull,
  diallerListUnknown,
  optOutCodeCallable,
  dataActionUnpublished,
  integrationOff,
];

export type Finding = Pick<Check, 'code' | 'severity' | 'means' | 'mend'> & { readonly where: string };

/** What is wrong with an organisation: nothing, where it is as the plan asks. */
export function findings(given: Given): readonly Finding[] {
  const scene = sceneOf(given);
  return CHECKS.flatMap(({ find, code, severity, means, mend }) =>
    find(scene).map((where) => ({ code, severity, where, means, mend })),
  );
}
