import { ObjectCreated } from '../../lib/adapters/s3/object-created.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { parsedJson } from '../../lib/domain/json.ts';
import type { FileDefect, FileRejection } from '../../lib/domain/scrub/defect.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { ProfileName, ScrubProfile } from '../../lib/domain/scrub/profile.ts';

/** A list that was put into the inbox, or a message that names none: `defect` says why. */
export type ContactList = {
  readonly jobId: string;
  readonly profileName: string;
  /** As people find it in the inbox. */
  readonly name: string;
  readonly object?: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined };
  readonly defect?: FileDefect;
};

/** No profile has this name, so its prefix in the outbox is free for what belongs to none. */
const PARKED = '_parked';

// The whole key, in characters that mean the same everywhere: nothing to decode, no way out of the folder. The key in
// an event that EventBridge delivers is not URL-encoded, so decoding it would name another object.
const LIST_KEY = /^contact-lists\/([A-Za-z0-9_-]{1,64})\/[A-Za-z0-9][A-Za-z0-9 ._()-]{0,199}\.csv$/;

/** Reads a message. Never throws: what names no list is answered with a report and not delivered again. */
export function readContactList(body: string, inboxBucket: string): ContactList {
  const event = ObjectCreated.safeParse(parsedJson(body));
  if (!event.success || event.data.detail.bucket.name !== inboxBucket) {
    const jobId = sha256Hex(body).slice(0, 40);
    return { jobId, profileName: PARKED, name: 'a message without a list', defect: 'BAD_EVENT' };
  }
  const { bucket, object } = event.data.detail;
  const versionId = object['version-id'];
  const jobId = jobIdOf({ bucket: bucket.name, key: object.key, versionId: versionId ?? object.etag ?? '' });
  const profileName = ProfileName.safeParse(LIST_KEY.exec(object.key)?.[1]);
  if (!profileName.success) return { jobId, profileName: PARKED, name: object.key, defect: 'BAD_KEY' };
  return {
    jobId,
    profileName: profileName.data,
    name: object.key,
    object: { bucket: bucket.name, key: object.key, versionId },
  };
}

/** Reads a profile's text; a rejection if there is none or it is not of the documented form. */
export function readProfile(text: string | undefined): ScrubProfile | FileRejection {
  if (text === undefined) return { cause: 'PROFILE_MISSING' };
  const profile = ScrubProfile.safeParse(parsedJson(text));
  if (profile.success) return profile.data;
  const detail = profile.error.issues
    .map(({ path, message }) => `${path.join('.') || 'profile'}: ${message}`)
    .join('; ');
  return { cause: 'PROFILE_INVALID', detail };
}
