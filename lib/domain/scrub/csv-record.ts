const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Outcomes of a search that found no end. */
const INCOMPLETE = -1;
const BAD_QUOTE = -2;
const BARE_CR = -3;

export type RecordScan =
  | { readonly kind: 'record'; readonly end: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'defect'; readonly cause: 'BAD_QUOTE' | 'BARE_CR' };

type Scan = { readonly bytes: Uint8Array; readonly delimiter: number; readonly isLast: boolean };

/**
 * Finds the end of the record that the bytes begin with, line end included (RFC 4180; LF alone ends a line too), and
 * writes start and end of each field, quotes included, into `bounds`. Unless the bytes are the file's last, a record
 * that ends with them is incomplete: what follows could belong to it.
 */
export function scanRecord(scan: Scan, bounds: number[]): RecordScan {
  const { bytes, delimiter } = scan;
  bounds.length = 0;
  for (let start = 0; ; ) {
    const end = bytes[start] === QUOTE ? endOfQuoted(scan, start) : endOfPlain(scan, start);
    if (end === INCOMPLETE) return { kind: 'incomplete' };
    if (end < 0) return { kind: 'defect', cause: end === BARE_CR ? 'BARE_CR' : 'BAD_QUOTE' };
    bounds.push(start, end);
    if (bytes[end] !== delimiter) return { kind: 'record', end: end + lineEndBytes(bytes[end]) };
    start = end + 1;
  }
}

function lineEndBytes(byte: number | undefined): number {
  if (byte === CR) return 2;
  return byte === LF ? 1 : 0;
}

function endOfPlain({ bytes, delimiter, isLast }: Scan, start: number): number {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === delimiter || byte === LF) return at;
    if (byte === QUOTE) return BAD_QUOTE;
    if (byte === CR) return endAtCr(bytes, at, isLast);
  }
  return isLast ? bytes.length : INCOMPLETE;
}

function endOfQuoted({ bytes, delimiter, isLast }: Scan, start: number): number {
  let at = start + 1;
  for (;;) {
    at = bytes.indexOf(QUOTE, at);
    if (at === -1) return INCOMPLETE;
    const next = bytes[at + 1];
    if (next === undefined) return isLast ? at + 1 : INCOMPLETE;
    if (next === delimiter || next === LF) return at + 1;
    if (next === CR) return endAtCr(bytes, at + 1, isLast);
    if (next !== QUOTE) return BAD_QUOTE;
    at += 2;
  }
}

function endAtCr(bytes: Uint8Array, at: number, isLast: boolean): number {
  const next = bytes[at + 1];
  if (next === LF) return at;
  return next === undefined && !isLast ? INCOMPLETE : BARE_CR;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The text of a field, without its quotes.
 *
 * @throws TypeError if it is not valid UTF-8.
 */
export function fieldText(field: Uint8Array): string {
  return unquoted(decoder.decode(field));
}

/** The same for people to read: bytes that are not UTF-8 become U+FFFD. */
export function readableFieldText(field: Uint8Array): string {
  return unquoted(lenientDecoder.decode(field));
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
