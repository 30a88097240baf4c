import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { sha256Hex } from '../../domain/canonical-json.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { type EarlierScrub, ScrubManifest } from '../../domain/scrub/manifest.ts';
import { ScrubProfile } from '../../domain/scrub/profile.ts';
import { ROW_FILES } from '../../domain/scrub/row-writer.ts';

/** What an earlier scrub approved, and under which settings. */
export type ApprovedList = {
  /** The list on this machine. */
  readonly path: string;
  readonly profile: ScrubProfile;
  readonly profileName: string;
  readonly since: EarlierScrub;
};

const REPORT = 'report.json';
const Report = z.object({ settings: ScrubProfile });

/**
 * Finds the approved list of a finished scrub by its manifest; both lie in one folder, with the report, as the scrub
 * wrote them.
 *
 * @throws ComplianceError BAD_MANIFEST, NOTHING_APPROVED, CHANGED_FILE where a file is not the one that the manifest names.
 */
export async function readApprovedList(manifestPath: string): Promise<ApprovedList> {
  const text = await readFile(manifestPath, 'utf8');
  const manifest = readManifest(text);
  if (manifest.outcome !== 'SCRUBBED') {
    throw new ComplianceError({
      code: 'NOTHING_APPROVED',
      message: 'expected the manifest of a list that was scrubbed, got one of a list that was refused',
    });
  }
  const folder = dirname(manifestPath);
  const path = join(folder, ROW_FILES.APPROVED);
  expectHash(manifest, ROW_FILES.APPROVED, await sha256OfFile(path));
  const report = await readFile(join(folder, REPORT));
  expectHash(manifest, REPORT, sha256Hex(report));
  return {
    path,
    profile: Report.parse(JSON.parse(report.toString('utf8'))).settings,
    profileName: manifest.profile,
    since: { jobId: manifest.jobId, manifestSha256: sha256Hex(text), watermark: manifest.watermark },
  };
}

function readManifest(text: string): ScrubManifest {
  try {
    return ScrubManifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new ComplianceError({
      code: 'BAD_MANIFEST',
      message: 'expected the manifest.json of a scrub, got another file',
      cause,
    });
  }
}

function expectHash({ files }: ScrubManifest, name: string, sha256: string): void {
  if (files.find((file) => file.name === name)?.sha256 === sha256) return;
  throw new ComplianceError({
    code: 'CHANGED_FILE',
    message: `expected ${name} beside the manifest as the scrub wrote it, got other bytes; nothing was scrubbed`,
  });
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
