import type { DiallerList } from '../../dialler/dialler.ts';
import type { Check, Scene, SeenCampaign } from './check.ts';

/** A list that is told of opt-outs stops only the campaigns that it is attached to. */
export const diallerListNotAttached: Check = {
  code: 'DIALLER_LIST_NOT_ATTACHED',
  severity: 'LETS_THROUGH',
  means: 'the deployment tells a list of opt-outs that this campaign does not look at',
  mend: 'name the list under the campaign in the plan, and run setup',
  find: (scene) =>
    scene.campaigns.flatMap((campaign) =>
      scene.diallerLists
        .filter((list) => isFor(list, campaign, scene))
        .flatMap(({ ids }) => ids)
        .filter((id) => !campaign.dncListIds.includes(id))
        .map((id) => `campaign ${campaign.name}: list ${nameOf(scene, id)}`),
    ),
};

export const diallerListUnknown: Check = {
  code: 'DIALLER_LIST_UNKNOWN',
  severity: 'WEAKENS',
  means: 'the deployment tells opt-outs to a list that is not there',
  mend: 'correct the ids under diallers in cdk.json, and deploy',
  find: ({ found, diallerLists }) =>
    diallerLists
      .flatMap(({ ids }) => ids)
      .filter((id) => !found.dncLists.some((list) => list.id === id))
      .map((id) => `list ${id}`),
};

function isFor(
  { channels, purposes, seller }: DiallerList,
  campaign: SeenCampaign,
  { plan }: Scene,
): boolean {
  const planned = plan.campaigns.find(({ campaign: name }) => name === campaign.id || name === campaign.name);
  const use = planned === undefined ? undefined : plan.uses[planned.use];
  return (
    use !== undefined &&
    channels.some((channel) => channel === campaign.channel) &&
    purposes.some((purpose) => purpose === use.purpose) &&
    (seller === undefined || seller === use.seller)
  );
}

function nameOf({ found }: Scene, id: string): string {
  return found.dncLists.find((list) => list.id === id)?.name ?? id;
}
