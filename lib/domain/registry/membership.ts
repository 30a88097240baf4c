import type { RegistryMembership } from '../ports.ts';
import { groupOf, type Segment } from './segment.ts';
import type { Snapshot } from './snapshot.ts';
import type { RegistryVersion } from './version.ts';

/** Which numbers are on one version of a registry, by its snapshot. A segment is read when first asked for, and kept. */
export class SnapshotMembership implements RegistryMembership {
  readonly version: RegistryVersion;
  readonly #snapshot: Snapshot;
  readonly #segments = new Map<string, Promise<Segment>>();

  constructor(version: RegistryVersion, snapshot: Snapshot) {
    this.version = version;
    this.#snapshot = snapshot;
  }

  segment(group: string): Promise<Segment> {
    const known = this.#segments.get(group);
    if (known !== undefined) return known;
    const loading = this.#snapshot.segment(group);
    this.#segments.set(group, loading);
    loading.catch(() => this.#segments.delete(group));
    return loading;
  }

  async listed(e164s: readonly string[]): Promise<readonly boolean[]> {
    const groups = e164s.map((e164) => groupOf(e164).group);
    const loaded = await Promise.all(
      [...new Set(groups)].map(async (group) => [group, await this.segment(group)] as const),
    );
    const segments = new Map(loaded);
    return e164s.map((e164, at) => segments.get(groups[at] ?? '')?.has(Number(e164.slice(1))) ?? false);
  }
}
