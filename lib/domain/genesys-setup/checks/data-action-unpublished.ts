import { type Check, questionsOf } from './check.ts';

export const dataActionUnpublished: Check = {
  code: 'DATA_ACTION_UNPUBLISHED',
  severity: 'STOPS',
  means: 'the rule asks a data action that is a draft or gone: its evaluation fails, and nothing is dialled',
  mend: 'publish the data action, or run setup, which makes its own',
  find: (scene) => {
    const published = new Set(scene.found.publishedActions.map(({ id }) => id));
    return questionsOf(scene)
      .filter(({ asks }) => !published.has(asks.actionId))
      .map(({ where }) => where);
  },
};
