import type { Entry } from './entry.ts';

/** The key of the item that carries an entry until it is logged: its first contact point, or an item of its own. */
export function homeOf(entry: Pick<Entry, 'id' | 'subjects'>): string {
  return entry.subjects[0] ?? `e.${entry.id}`;
}

/** Every item that an entry can wait on: one of its contact points, or an item of its own. */
export function homesOf({ id, subjects }: Pick<Entry, 'id' | 'subjects'>): readonly string[] {
  return [...subjects, homeOf({ id, subjects: [] })];
}
