import { differences } from '../data-action.ts';
import { type Check, questionsOf } from './check.ts';

export const dataActionAsksOtherwise: Check = {
  code: 'DATA_ACTION_ASKS_OTHERWISE',
  severity: 'LETS_THROUGH',
  means: 'the check is asked about another purpose, seller or channel, or its answer is rewritten',
  mend: 'run setup; where it names the contract, remove or rename the data action first: it cannot be changed once published',
  find: (scene) =>
    questionsOf(scene).flatMap(({ where, asks, wantedGate }) => {
      const action = scene.found.actions.find(({ id }) => id === asks.actionId);
      const wanted = scene.wanted.actions.find(({ name }) => name === wantedGate?.actionName);
      if (action === undefined || wanted === undefined) return [];
      const differs = differences(action, wanted).filter((what) => what !== 'FUNCTION' && what !== 'TIMEOUT');
      return differs.length === 0 ? [] : [`${where}: ${differs.join(', ').toLowerCase()}`];
    }),
};
