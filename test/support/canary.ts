import { createHash } from 'node:crypto';

/** Every form in which a number or an address could leak: as it is, in parts, encoded, or hashed without a secret. */
export function leakingForms(clear: string): ReadonlySet<string> {
  const digits = clear.replace(/\D/g, '');
  const isNumber = clear.startsWith('+');
  const whole = isNumber ? [clear, digits, `tel:${clear}`, digits.slice(-10)] : [clear, `mailto:${clear}`];
  const encoded = whole.flatMap((form) => [
    form,
    encodeURIComponent(form),
    Buffer.from(form).toString('base64').replace(/=+$/, ''),
    Buffer.from(form).toString('base64url'),
    Buffer.from(form).toString('hex'),
    ...['md5', 'sha1', 'sha256'].flatMap((hash) =>
      (['hex', 'base64', 'base64url'] as const).map((encoding) =>
        createHash(hash).update(form).digest(encoding),
      ),
    ),
  ]);
  const parts = isNumber ? [digits.slice(-7)] : clear.split('@').slice(0, 1);
  return new Set([...encoded, ...parts].map((form) => form.toLowerCase()));
}

/** The forms of any of `clear` that `text` holds; none is what a test expects. */
export function leaks(text: string, clear: readonly string[]): string[] {
  const searched = text.toLowerCase();
  return clear.flatMap((value) => [...leakingForms(value)].filter((form) => searched.includes(form)));
}
