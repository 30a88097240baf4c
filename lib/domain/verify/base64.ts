/** Standard base64 (RFC 4648, section 4) in its one canonical spelling; undefined for any other. */
export function readBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** A SHA-256 hash in base64; undefined if it is none. */
export function readHash(text: string): Buffer | undefined {
  const bytes = readBase64(text);
  return bytes?.length === 32 ? bytes : undefined;
}
