import { type Check, questionsOf } from './check.ts';

export const dataActionElsewhere: Check = {
  code: 'DATA_ACTION_ELSEWHERE',
  severity: 'LETS_THROUGH',
  means: "the rule believes the answers of something other than this deployment's check",
  mend: 'run setup, which points the data action at the check',
  find: (scene) =>
    questionsOf(scene).flatMap(({ where, asks }) =>
      scene.found.actions
        .filter(({ id }) => id === asks.actionId)
        .filter(({ config }) => config.request.requestUrlTemplate !== scene.wanted.functionArn)
        .map(({ name }) => `${where}: data action ${name}`),
    ),
};
