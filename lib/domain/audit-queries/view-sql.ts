import type { Dialect } from './dialect.ts';
import { type Column, LOG_LINES, PARTITION_COLUMNS, type Value, type View } from './view.ts';

/** The SELECT that a view stands for, in one engine's SQL. */
export function viewSql(view: View, dialect: Dialect): string {
  const columns = [
    ...PARTITION_COLUMNS.map((name) => `l.${name}`),
    ...view.columns.map((column) => `${expressionOf(column, dialect)} AS ${column.name}`),
  ];
  return [
    `SELECT ${columns.join(',\n       ')}`,
    `FROM ${LOG_LINES} AS l`,
    ...takenApart(view, dialect).map((item) => `CROSS JOIN ${item}`),
    ...(view.kind === undefined ? [] : [`WHERE ${dialect.scalar('l.line', '$.kind')} = '${view.kind}'`]),
  ].join('\n');
}

function takenApart({ each, inner }: View, dialect: Dialect): readonly string[] {
  if (each === undefined) return [];
  if (each.is === 'map') return [dialect.pairs('l.line', each.path, 'm')];
  const items = dialect.items('l.line', each.path, 'i');
  return inner === undefined ? [items] : [items, dialect.items('i.item', inner, 'n')];
}

function expressionOf({ from }: Column, dialect: Dialect): string {
  if ('positionOf' in from) return 'i.position';
  if ('map' in from) return `m.map_${from.map}`;
  if ('localTimeIn' in from) {
    return dialect.localTime(dialect.scalar('l.line', '$.at'), textOf(from.localTimeIn, dialect));
  }
  const text = textOf(from, dialect);
  const as = from.as ?? 'text';
  switch (as) {
    case 'text':
      return text;
    case 'integer':
      return `CAST(${text} AS bigint)`;
    case 'boolean':
      return `CAST(${text} AS boolean)`;
    case 'iso':
      return dialect.isoTime(text);
    case 'epochMs':
      return dialect.epochTime(text);
  }
}

function textOf({ of, path }: Value, dialect: Dialect): string {
  return dialect.scalar({ entry: 'l.line', item: 'i.item', inner: 'n.item' }[of], path);
}
