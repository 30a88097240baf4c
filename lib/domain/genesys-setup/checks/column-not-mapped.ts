import { PHONE_INPUTS } from '../data-action.ts';
import type { Gate } from '../gates.ts';
import type { Check } from './check.ts';

const NUMBERS = new Set(PHONE_INPUTS);
const ADDRESSES = new Set(['email']);

/**
 * The number that is dialled is no input of a rule, so that a column which is not passed is never looked at.
 * https://help.mypurecloud.com/articles/use-a-rule-condition-to-evaluate-information-from-a-data-action
 */
export const columnNotMapped: Check = {
  code: 'COLUMN_NOT_MAPPED',
  severity: 'LETS_THROUGH',
  means: 'numbers or addresses of this column are contacted without a check',
  mend: 'run setup, which maps every column',
  find: ({ found, campaigns }) =>
    campaigns.flatMap(({ name, channel, columns, contactListId, gates }) => {
      const list = found.contactLists.find(({ id }) => id === contactListId);
      const callable = channel === 'VOICE' ? (list?.phoneColumns ?? []) : [];
      const needed = new Set([...columns, ...callable.map(({ columnName }) => columnName)]);
      return gates.flatMap((gate) => {
        const mapped = mappedColumns(gate, channel === 'EMAIL' ? ADDRESSES : NUMBERS);
        return [...needed]
          .filter((column) => !mapped.has(column))
          .map((column) => `campaign ${name}, rule set ${gate.name}: column ${column}`);
      });
    }),
};

/** Columns that reach an input of their own: of two that are passed to one, the check sees one. */
function mappedColumns({ rules }: Gate, inputs: ReadonlySet<string>): ReadonlySet<string> {
  const questions = rules.flatMap(({ asks }) => asks);
  return new Set(
    questions.flatMap(({ mappings }) =>
      mappings
        .filter(({ dataActionField }) => inputs.has(dataActionField))
        .filter(({ dataActionField: field }, _at, all) => {
          return all.filter((one) => one.dataActionField === field).length === 1;
        })
        .map(({ contactColumnName }) => contactColumnName),
    ),
  );
}
