import { ComplianceError } from '../errors.ts';
import { type Block, changeBetween, sizeOf } from './block.ts';
import type { Segment } from './segment.ts';

/** The blocks of one snapshot, by the first digits of their numbers. */
export interface RegistrySegments {
  groups(): readonly string[];
  /** An empty segment where the group is none of the snapshot's. */
  segment(group: string): Promise<Segment>;
}

/** How the numbers that share their first four digits changed from one version to the next. */
export type GroupChange = {
  readonly group: string;
  readonly before: number;
  readonly after: number;
  readonly entered: number;
  readonly left: number;
};

export type StoredBlock = { readonly prefix: string; readonly block: Block };

/** What changed, group by group in ascending order; groups without numbers before and after are left out. */
export async function* changesBetween(
  before: RegistrySegments,
  after: RegistrySegments,
): AsyncGenerator<GroupChange> {
  for (const group of groupsOf([before, after])) {
    const [then, now] = await Promise.all([before.segment(group), after.segment(group)]);
    const change = { group, before: 0, after: 0, entered: 0, left: 0 };
    for (const rest of restsOf([then, now])) {
      const [old, current] = [then.block(rest), now.block(rest)];
      change.before += old === undefined ? 0 : sizeOf(old);
      change.after += current === undefined ? 0 : sizeOf(current);
      if (sameBlock(old, current)) continue;
      const { entered, left } = changeBetween(old, current);
      change.entered += entered;
      change.left += left;
    }
    if (change.before + change.after > 0) yield change;
  }
}

/** Ascending. */
export function groupsOf(all: readonly RegistrySegments[]): readonly string[] {
  return [...new Set(all.flatMap((segments) => segments.groups()))].toSorted();
}

export function restsOf(segments: readonly Segment[]): ReadonlySet<string> {
  return new Set(segments.flatMap((segment) => segment.rests()));
}

export function sameBlock(a: Block | undefined, b: Block | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

// People join and leave a registry by fractions of a percent a week, and the national one removes disconnected numbers
// by fractions of a percent a month. A list that differs by more is cut off, of another registry, or long overdue.
const MOST_LEFT = 0.05;
const MOST_ENTERED = 0.25;
/** Of a single group, which is smaller and so moves more. */
const MOST_LEFT_OF_GROUP = 0.1;
const MOST_ENTERED_OF_GROUP = 0.5;
/** Below this a list, or a group, is an operator's own or a new area code, and may well halve. */
const LONG_LIST = 10_000;

/**
 * Refuses a list that is too different from the one in use to be its next version.
 *
 * @throws ComplianceError CUT_OFF, TOO_DIFFERENT
 */
export function refuseAbsurd(changes: readonly GroupChange[]): void {
  const total = changes.reduce(
    (sum, { before, entered, left }) => ({
      before: sum.before + before,
      entered: sum.entered + entered,
      left: sum.left + left,
    }),
    { before: 0, entered: 0, left: 0 },
  );
  refuse({ ...total, where: 'in use' }, MOST_LEFT, MOST_ENTERED);
  for (const { group, ...change } of changes) {
    refuse(
      { ...change, where: `in use that begin with ${group}` },
      MOST_LEFT_OF_GROUP,
      MOST_ENTERED_OF_GROUP,
    );
  }
}

function refuse(
  { before, entered, left, where }: { before: number; entered: number; left: number; where: string },
  mostLeft: number,
  mostEntered: number,
): void {
  if (before < LONG_LIST) return;
  if (left > before * mostLeft) {
    throw new ComplianceError({
      code: 'CUT_OFF',
      message:
        `${left} of the ${before} numbers ${where} are missing, more than ${mostLeft * 100} %: ` +
        'the list looks cut off; nothing was imported',
    });
  }
  if (entered > before * mostEntered) {
    throw new ComplianceError({
      code: 'TOO_DIFFERENT',
      message:
        `${entered} numbers are new beside the ${before} ${where}, more than ${mostEntered * 100} %: ` +
        'the list looks like another one; nothing was imported',
    });
  }
}
