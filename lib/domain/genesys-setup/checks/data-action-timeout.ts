import { MOST_SECONDS } from '../plan.ts';
import { type Check, questionsOf } from './check.ts';

/** What holds where none is set is not documented; 1 to 60 seconds can be. */
export const dataActionTimeout: Check = {
  code: 'DATA_ACTION_TIMEOUT',
  severity: 'WEAKENS',
  means: `no time-out is set, or one over ${MOST_SECONDS} seconds: dials wait for a check that has long given up`,
  mend: 'run setup, which sets that of the plan',
  find: (scene) =>
    [...new Set(questionsOf(scene).map(({ asks }) => asks.actionId))].flatMap((actionId) =>
      scene.found.actions
        .filter(({ id }) => id === actionId)
        .filter(
          ({ config: { timeoutSeconds } }) => timeoutSeconds === undefined || timeoutSeconds > MOST_SECONDS,
        )
        .map(({ name, config }) => `data action ${name}: ${config.timeoutSeconds ?? 'none'}`),
    ),
};
