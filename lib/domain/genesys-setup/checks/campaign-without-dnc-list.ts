import type { Check } from './check.ts';

export const campaignWithoutDncList: Check = {
  code: 'CAMPAIGN_WITHOUT_DNC_LIST',
  severity: 'LETS_THROUGH',
  means: 'opt-outs that were pushed into the list do not stop this campaign where its rule is not evaluated',
  mend: 'run setup, which attaches the list',
  find: ({ campaigns }) =>
    campaigns.flatMap(({ name, planned, dncListIds }) =>
      planned === undefined
        ? dncListIds.length === 0
          ? [`campaign ${name}: no list`]
          : []
        : planned.dncLists
            .filter(({ id }) => id === undefined || !dncListIds.includes(id))
            .map((list) => `campaign ${name}: list ${list.name}`),
    ),
};
