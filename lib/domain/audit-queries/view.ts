/** The table under every view: one line of the log a row, in the partitions of its entries objects. */
export const LOG_LINES = 'log_lines';

/** The day and the hour of an entries object's key, UTC: `dt` as 2026-11-20, `hh` as 00 to 23. */
export const PARTITION_COLUMNS = ['dt', 'hh'] as const;

/** The types of columns, by their names in both engines. Times are UTC. */
export type ColumnType = 'varchar' | 'bigint' | 'boolean' | 'timestamp';

/**
 * Where a column's value comes from: a path into the entry, into an item of the array that the view takes apart, or into
 * an item of an array within that item. `as` says how it is written there; a text unless told.
 */
export type Value = {
  readonly of: 'entry' | 'item' | 'inner';
  readonly path: string;
  readonly as?: 'text' | 'integer' | 'boolean' | 'iso' | 'epochMs';
};

/** A wall clock: the entry's time in the time zone that a text names. */
export type LocalTime = { readonly localTimeIn: Value };
/** The place of the item in its array, from 1. */
export type Position = { readonly positionOf: 'item' };
/** A name, or a number, of the map that the view takes apart. */
export type MapPart = { readonly map: 'key' | 'value' };

export type Column = {
  readonly name: string;
  readonly from: Value | LocalTime | Position | MapPart;
  /** What a reader of the documents is told. */
  readonly says: string;
};

/** A view of the log, from which each engine's SQL is made. */
export type View = {
  readonly name: string;
  readonly says: string;
  /** The kind of entry that has rows here; every kind if left out. */
  readonly kind?: string;
  /** The array, or the map, of the entry of which each item is a row. */
  readonly each?: { readonly path: string; readonly is: 'array' | 'map' };
  /** The array of the item of which each item is a row. */
  readonly inner?: string;
  readonly columns: readonly Column[];
};

const TYPES = {
  text: 'varchar',
  integer: 'bigint',
  boolean: 'boolean',
  iso: 'timestamp',
  epochMs: 'timestamp',
} as const satisfies Record<NonNullable<Value['as']>, ColumnType>;

function typeOf({ from }: Column): ColumnType {
  if ('positionOf' in from) return 'bigint';
  if ('localTimeIn' in from) return 'timestamp';
  if ('map' in from) return from.map === 'key' ? 'varchar' : 'bigint';
  return TYPES[from.as ?? 'text'];
}

/** Every column of a view with its type: its own, after the partition that each row lies in. */
export function columnsOf(view: View): readonly { readonly name: string; readonly type: ColumnType }[] {
  return [
    ...PARTITION_COLUMNS.map((name) => ({ name, type: 'varchar' as const })),
    ...view.columns.map((column) => ({ name: column.name, type: typeOf(column) })),
  ];
}
