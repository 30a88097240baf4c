import type { Column, Value } from './view.ts';

type As = NonNullable<Value['as']>;

const column =
  (of: Value['of']) =>
  (name: string, path: string, says: string, as: As = 'text'): Column => ({
    name,
    from: { of, path, as },
    says,
  });

/** A column from the entry, from an item of the array that the view takes apart, or from an item within that. */
export const entry = column('entry');
export const item = column('item');
export const inner = column('inner');

/** What each view begins with. */
export const WHICH: readonly Column[] = [
  entry('entry_index', '$.index', 'place in the log, from 0', 'integer'),
  entry('made_at', '$.at', 'when the entry was made', 'iso'),
];
