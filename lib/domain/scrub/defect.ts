/** Why a contact list is refused whole. The sentence is what the list's owner reads. */
export const FILE_DEFECTS = {
  BAD_KEY: 'The object key is none of contact-lists/<profile>/<file>.csv in plain characters.',
  BAD_EVENT: 'The message is no S3 event of the inbox.',
  INPUT_MISSING: 'The object is gone.',
  PROFILE_MISSING: 'There is no profiles/<profile>.json in the inbox.',
  PROFILE_INVALID: 'The profile is not of the documented form.',
  EMPTY_FILE: 'The file is empty.',
  HEADER_ONLY: 'The file has a header and no rows.',
  TOO_LARGE: 'The file is larger than the limit.',
  COMPRESSED: 'The file is an archive or a spreadsheet; plain CSV is expected.',
  UTF16: 'The file is in UTF-16 or UTF-32; UTF-8 is expected.',
  NUL_BYTE: 'The file contains a NUL byte.',
  INVALID_UTF8: 'A cell that must be read is not valid UTF-8.',
  DUPLICATE_HEADER: 'Two columns have the same name.',
  HOSTILE_HEADER: 'A column has a name that is reserved.',
  TOO_MANY_COLUMNS: 'The file has more columns than the limit.',
  MISSING_COLUMN: 'A column that the profile names is not in the header.',
  WRONG_DELIMITER: 'The header holds the named columns only if it is split at another delimiter.',
  RAGGED_ROW: 'A row has another number of cells than the header.',
  BAD_QUOTE: 'A quote stands where RFC 4180 allows none.',
  UNCLOSED_QUOTE: 'A quoted cell is never closed.',
  BARE_CR: 'A carriage return stands alone, which some readers take for a line end and others do not.',
  RECORD_TOO_LONG: 'A row is longer than 64 KiB.',
  UNDECLARED_CONTACT_COLUMN:
    'A column that the profile does not name holds phone numbers or e-mail addresses.',
} as const;

export type FileDefect = keyof typeof FILE_DEFECTS;

/** A file that is refused, where, and why: in columns' names and counts, never in the content of a cell. */
export type FileRejection = {
  readonly cause: FileDefect;
  /** Physical line, from 1. */
  readonly line?: number | undefined;
  readonly detail?: string | undefined;
};

/** Carries a rejection out of the depths of the reader; the pipeline turns it into an outcome. */
export class FileRejected extends Error {
  readonly rejection: FileRejection;

  constructor(cause: FileDefect, where: Omit<FileRejection, 'cause'> = {}) {
    super(FILE_DEFECTS[cause]);
    this.name = 'FileRejected';
    this.rejection = { cause, ...where };
  }
}
