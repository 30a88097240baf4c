import { isNotAllow } from '../gates.ts';
import { type Check, questionsOf } from './check.ts';

/** How several predicates are joined is not told, so that there may be one. */
export const predicateNotInvertedAllow: Check = {
  code: 'PREDICATE_NOT_INVERTED_ALLOW',
  severity: 'LETS_THROUGH',
  means: 'an answer other than ALLOW lets the contact be made',
  mend: 'run setup: the one predicate is `decision` EQUALS ALLOW, inverted',
  find: (scene) =>
    questionsOf(scene)
      .filter(({ asks: { predicates } }) => predicates.length !== 1 || !predicates.every(isNotAllow))
      .map(({ where }) => where),
};
