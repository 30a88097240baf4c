import { createHash } from 'node:crypto';
import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import type { Residency } from '../contact-point/residency.ts';
import type { Pepper } from '../contact-point/token.ts';
import { ComplianceError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { ContactPoints, RegistrySnapshots } from '../ports.ts';
import type { FileRejection } from './defect.ts';
import { evidenceKey, type ScrubJob, type ScrubJobs, type ScrubPins } from './job.ts';
import {
  type EarlierScrub,
  entryOf,
  manifestText,
  reportText,
  type ScrubFinding,
  ScrubManifest,
  type ScrubSubject,
} from './manifest.ts';
import type { OutputFile, ScrubEvidence, ScrubOutbox } from './outputs.ts';
import type { ScrubProfile } from './profile.ts';
import { REMOVALS_FILE, ROW_FILES, type ScrubCounts } from './row-writer.ts';
import { type ScrubProgress, scrubFile } from './scrub-file.ts';

export type RunScrubDeps = {
  readonly contactPoints: Pick<ContactPoints, 'read' | 'record'>;
  readonly snapshots: RegistrySnapshots;
  readonly jobs: ScrubJobs;
  readonly evidence: ScrubEvidence;
  readonly pepper: () => Promise<Pepper>;
  readonly policy: Policy;
  readonly residency: Residency;
  /** Largest list that is read. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly newId: () => string;
};

/** The bytes of a list; opened again if another attempt is needed. */
export type ScrubSource = {
  open(): AsyncIterable<Uint8Array>;
  /** How people find it: an object key, a file name. */
  readonly name: string;
  readonly versionId?: string | undefined;
};

export type ScrubRequest = {
  readonly jobId: string;
  readonly profileName: string;
  readonly outbox: ScrubOutbox;
  readonly source: ScrubSource;
  /** The profile, or why the file cannot even be read. */
  readonly profile: ScrubProfile | FileRejection;
  /** Where the source is what an earlier scrub approved: then `removals.csv` names the rows that must come out now. */
  readonly since?: EarlierScrub | undefined;
  readonly onProgress?: ((progress: ScrubProgress) => void) | undefined;
};

export type ScrubOutcome =
  | { readonly kind: 'SCRUBBED'; readonly manifest: ScrubManifest; readonly counts: ScrubCounts }
  | { readonly kind: 'REJECTED'; readonly manifest: ScrubManifest; readonly rejection: FileRejection }
  | { readonly kind: 'ALREADY_DONE'; readonly manifest: ScrubManifest };

const ATTEMPTS = 4;
/** A watermark older than this would make a list that is stale when it appears. */
const PINS_LIVE_MS = 2 * 3_600_000;

/**
 * Scrubs one contact list, whole or not at all: outputs, evidence, the log entry, and last of all the manifest. Begun
 * again after a crash it ends in the same bytes; where the world has changed meanwhile, it decides anew under a new
 * watermark. A job whose manifest exists is left as it is.
 *
 * @throws ComplianceError JOB_RUNNING, STATE_IN_FLUX, and whatever a port throws: then nothing is published.
 */
export async function runScrub(deps: RunScrubDeps, request: ScrubRequest): Promise<ScrubOutcome> {
  const finished = await request.outbox.manifest();
  if (finished !== undefined) return { kind: 'ALREADY_DONE', manifest: readManifest(finished) };
  const pepper = await deps.pepper();
  const run = new ScrubRun(deps, request, pepper);
  let job = await deps.jobs.claim(request.jobId, await run.freshPins(), deps.now());
  try {
    if (!run.stillFits(job.pins)) job = await deps.jobs.supersede(job, await run.freshPins());
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcome = await run.attempt(job);
      if (outcome !== undefined) return outcome;
      job = await deps.jobs.supersede(job, await run.freshPins());
    }
    throw new ComplianceError({
      code: 'STATE_IN_FLUX',
      message: `the list came out differently in each of ${ATTEMPTS} attempts; nothing was published`,
    });
  } finally {
    await deps.jobs.release(job);
  }
}

class ScrubRun {
  readonly #deps: RunScrubDeps;
  readonly #request: ScrubRequest;
  readonly #pepper: Pepper;

  constructor(deps: RunScrubDeps, request: ScrubRequest, pepper: Pepper) {
    this.#deps = deps;
    this.#request = request;
    this.#pepper = pepper;
  }

  async freshPins(): Promise<ScrubPins> {
    const watermark = this.#deps.now();
    const versions = await Promise.all(
      this.#registries().map((registry) => this.#deps.snapshots.current(registry)),
    );
    return {
      basis: this.#basis(),
      watermark,
      entryId: this.#deps.newId(),
      registries: versions.filter((version) => version !== undefined),
    };
  }

  stillFits({ basis, watermark }: ScrubPins): boolean {
    return basis === this.#basis() && this.#deps.now() - watermark < PINS_LIVE_MS;
  }

  /** One attempt under its pins; undefined if an earlier run of it had decided otherwise. */
  async attempt(job: ScrubJob): Promise<ScrubOutcome | undefined> {
    const { profile, since } = this.#request;
    if ('cause' in profile) return this.#reject(job, profile, undefined);
    const evidence = this.#deps.evidence.open(evidenceKey(job));
    const names = [...Object.values(ROW_FILES), ...(since === undefined ? [] : [REMOVALS_FILE])];
    const files = new Map(names.map((name) => [name, this.#request.outbox.open(name)]));
    const all = [evidence, ...files.values()];
    try {
      const result = await this.#scrub(job, profile, { evidence, files });
      if (result.kind === 'REJECTED') {
        await abortAll(all);
        return await this.#reject(job, result.rejection, await this.#inputSha256(result.rejection));
      }
      const sealed = await evidence.seal();
      if ((await this.#deps.jobs.pinEvidence(job, sealed.sha256)) === 'DIFFERENT') {
        await abortAll(all);
        return undefined;
      }
      await evidence.publish();
      const { counts, merkleRoot } = result;
      const proof = { key: evidenceKey(job), sha256: sealed.sha256, merkleRoot, rows: counts.rows };
      const finding = { outcome: 'SCRUBBED', counts, evidence: proof } as const;
      const manifest = await this.#publish(this.#subject(job, result.inputSha256), finding, files);
      return { kind: 'SCRUBBED', manifest, counts };
    } catch (error) {
      await abortAll(all);
      throw error;
    }
  }

  async #scrub(
    { pins }: ScrubJob,
    profile: ScrubProfile,
    { evidence, files }: { evidence: OutputFile; files: ReadonlyMap<string, OutputFile> },
  ) {
    const { contactPoints, policy, residency, maxBytes, snapshots } = this.#deps;
    const registries = await Promise.all(pins.registries.map((version) => snapshots.open(version)));
    const sinkOf = (name: string): OutputFile => files.get(name) ?? evidence;
    return scrubFile(
      this.#request.source.open(),
      { profile, policy, registries, watermark: pins.watermark, residency, pepper: this.#pepper, maxBytes },
      {
        contactPoints,
        sinks: {
          APPROVED: sinkOf(ROW_FILES.APPROVED),
          REJECTED: sinkOf(ROW_FILES.REJECTED),
          QUARANTINED: sinkOf(ROW_FILES.QUARANTINED),
          OTHER_REGION: sinkOf(ROW_FILES.OTHER_REGION),
          removals: files.get(REMOVALS_FILE),
          evidence,
        },
        onProgress: this.#request.onProgress,
      },
    );
  }

  async #reject(
    job: ScrubJob,
    rejection: FileRejection,
    sha256: string | undefined,
  ): Promise<ScrubOutcome | undefined> {
    // This attempt's entry may say already that the list was scrubbed.
    if (job.evidenceSha256 !== undefined) return undefined;
    const finding = { outcome: 'REJECTED', rejection } as const;
    const manifest = await this.#publish(this.#subject(job, sha256), finding, new Map());
    return { kind: 'REJECTED', manifest, rejection };
  }

  /** Outputs, then the entry, then the manifest: what a reader finds through the manifest is complete and recorded. */
  async #publish(
    subject: ScrubSubject,
    finding: ScrubFinding,
    files: ReadonlyMap<string, OutputFile>,
  ): Promise<ScrubManifest> {
    const { outbox } = this.#request;
    const written: ScrubManifest['files'] = [];
    for (const [name, file] of files) {
      written.push({ name, ...(await file.seal()) });
      await file.publish();
    }
    const report = reportText(subject, finding);
    await outbox.put('report.json', report);
    written.push({ name: 'report.json', sizeBytes: Buffer.byteLength(report), sha256: sha256Hex(report) });
    await this.#deps.contactPoints.record(entryOf(subject, finding, this.#pepper), this.#deps.now());
    const text = manifestText(subject, finding, written);
    if ((await outbox.putManifest(text)) === 'EXISTS' && (await outbox.manifest()) !== text) {
      throw new ComplianceError({
        code: 'OTHER_MANIFEST',
        message: 'expected no manifest, found another one',
      });
    }
    return readManifest(text);
  }

  #subject({ pins }: ScrubJob, sha256: string | undefined): ScrubSubject {
    const { jobId, profileName, profile, source, since } = this.#request;
    const { name, versionId } = source;
    return {
      jobId,
      profileName,
      profile: 'cause' in profile ? undefined : profile,
      since,
      input: {
        name,
        ...(versionId === undefined ? {} : { versionId }),
        ...(sha256 === undefined ? {} : { sha256 }),
      },
      policy: this.#deps.policy,
      pins,
    };
  }

  async #inputSha256({ cause }: FileRejection): Promise<string | undefined> {
    // A list over the limit is not read to its end, and one that is gone has no bytes.
    if (cause === 'TOO_LARGE' || cause === 'INPUT_MISSING') return undefined;
    const hash = createHash('sha256');
    for await (const chunk of this.#request.source.open()) hash.update(chunk);
    return hash.digest('hex');
  }

  #basis(): string {
    const { policy, residency } = this.#deps;
    const { profile } = this.#request;
    return sha256Hex(
      canonicalJson({ policy: policy.hash, residency, pepper: this.#pepper.version, profile }),
    );
  }

  /** The registries that the policy can ask about a list of this kind. */
  #registries(): readonly string[] {
    const { profile } = this.#request;
    if ('cause' in profile) return [];
    const asked = this.#deps.policy.rules.flatMap((rule) =>
      'registry' in rule && rule.channels.includes(profile.channel) && rule.purposes.includes(profile.purpose)
        ? [rule.registry]
        : [],
    );
    return [...new Set(asked)];
  }
}

async function abortAll(files: readonly OutputFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.abort()));
}

function readManifest(text: string): ScrubManifest {
  return ScrubManifest.parse(JSON.parse(text));
}
