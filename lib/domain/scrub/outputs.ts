import type { ByteSink } from './row-writer.ts';

export type WrittenBytes = { readonly sizeBytes: number; readonly sha256: string };

/** A file that appears whole or not at all. */
export interface OutputFile extends ByteSink {
  /** Takes no more bytes and says what they hash to; nobody can see the file yet. */
  seal(): Promise<WrittenBytes>;
  /** Makes the sealed file visible. */
  publish(): Promise<void>;
  /** Throws away what was written. Never throws. */
  abort(): Promise<void>;
}

/** Where the results of one scrub go. Readers begin with the manifest: what it does not name is not there. */
export interface ScrubOutbox {
  /** The manifest as it was written; undefined while the scrub is not finished. */
  manifest(): Promise<string | undefined>;
  open(name: string): OutputFile;
  put(name: string, text: string): Promise<void>;
  /** Written once: a manifest that is there already stays, and is told apart from this one. */
  putManifest(text: string): Promise<'WRITTEN' | 'EXISTS'>;
}

/** Locked storage for what was decided about every row. */
export interface ScrubEvidence {
  /** `publish` leaves an object that is there already as it is. */
  open(key: string): OutputFile;
}
