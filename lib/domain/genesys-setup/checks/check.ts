import type { DiallerList } from '../../dialler/dialler.ts';
import { type AnyCampaign, campaignsOf } from '../campaigns.ts';
import { type Gate, type GateQuestion, type GateRule, gatesOf } from '../gates.ts';
import type { Organization } from '../organization.ts';
import type { Plan } from '../plan.ts';
import type { Wanted, WantedCampaign, WantedGate } from '../wanted.ts';

/** LETS_THROUGH: somebody can be contacted unchecked. WEAKENS: less would have to fail. STOPS: nobody is contacted. */
type Severity = 'LETS_THROUGH' | 'WEAKENS' | 'STOPS';

/** One thing that can be wrong with an organisation, in a file of its own. */
export type Check = {
  /** Stable. */
  readonly code: string;
  readonly severity: Severity;
  /** What comes of it. */
  readonly means: string;
  readonly mend: string;
  /** Where it is so, each place in some words. */
  find(scene: Scene): readonly string[];
};

/** An organisation, and what is wanted of it. */
export type Given = {
  readonly found: Organization;
  readonly plan: Plan;
  readonly wanted: Wanted;
  /** The ids that the deployment takes for opt-outs. */
  readonly optOutWrapUpCodes: readonly string[];
  /** The lists of the organisation that the deployment tells of opt-outs. */
  readonly diallerLists: readonly DiallerList[];
};

/** What the checks see. */
export type Scene = Given & {
  readonly campaigns: readonly SeenCampaign[];
  /** Rule sets of ours that are attached to a campaign. */
  readonly gatesInUse: readonly Gate[];
};

/** A campaign that is not exempt. */
export type SeenCampaign = AnyCampaign & {
  /** Absent: the plan does not name it. */
  readonly planned: WantedCampaign | undefined;
  /** All its rule sets, in their order. */
  readonly ruleSets: readonly Gate[];
  /** Those of them that are ours. */
  readonly gates: readonly Gate[];
};

export function sceneOf(given: Given): Scene {
  const { found, plan, wanted } = given;
  const exempt = new Set(plan.exempt.map(({ campaign }) => campaign));
  const gates = gatesOf(found);
  const isOurs = ({ name }: Gate) => name.startsWith(`${wanted.prefix} `);
  const campaigns = campaignsOf(found)
    .filter(({ id, name }) => !exempt.has(id) && !exempt.has(name))
    .map((campaign) => {
      const ruleSets = campaign.ruleSetIds.flatMap((id) => gates.filter((gate) => gate.id === id));
      const planned = wanted.campaigns.find((one) => one.campaign.id === campaign.id);
      return { ...campaign, planned, ruleSets, gates: ruleSets.filter(isOurs) };
    });
  const gatesInUse = [...new Set(campaigns.flatMap((campaign) => campaign.gates))];
  return { ...given, campaigns, gatesInUse };
}

/** Every question that a rule set of ours in use asks a data action, with its rule and what its rule set is to be. */
export function questionsOf({ gatesInUse, wanted }: Scene): readonly {
  readonly where: string;
  readonly rule: GateRule;
  readonly asks: GateQuestion;
  readonly wantedGate: WantedGate | undefined;
}[] {
  return gatesInUse.flatMap(({ name, rules }) =>
    rules.flatMap((rule) =>
      rule.asks.map((asks) => ({
        where: `rule set ${name}, rule ${rule.name}`,
        rule,
        asks,
        wantedGate: wanted.gates.find((one) => one.name === name),
      })),
    ),
  );
}
