// What mail programs put before the message that is answered, in the languages whose keywords are known.
const QUOTE_BEGINS = [
  /^(?:on|am|le|el|il) .{0,300}\b(?:wrote|schrieb|a écrit|escribió|ha scritto)(?!\p{L}).{0,80}:$/iu,
  /^-{2,} ?(?:original|forwarded|ursprüngliche|message d.origine|mensaje original|messaggio originale)/iu,
  /^_{10,}$/,
  /^(?:from|von|de|da): /iu,
];
// RFC 3676, section 4.3, and what telephones add.
const SIGNATURE_BEGINS = [/^-- ?$/, /^(?:sent from|gesendet von|envoyé de|enviado desde|inviato da) /iu];
const MOST_READ_OF_A_LINE = 400;

/**
 * What the writer of an e-mail reply wrote: without the quoted message, whose own "unsubscribe" is not theirs, and
 * without the signature. A form of quotation that is not known stays, and its keywords are then a doubt, not lost.
 */
export function ownWords(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const end = lines.findIndex((line, index) => endsOwnWords(line, lines[index + 1] ?? ''));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim();
}

function endsOwnWords(line: string, next: string): boolean {
  const read = line.slice(0, MOST_READ_OF_A_LINE);
  // A long introduction is wrapped after the address.
  const wrapped = `${read} ${next.slice(0, MOST_READ_OF_A_LINE)}`;
  return (
    SIGNATURE_BEGINS.some((begins) => begins.test(read)) ||
    QUOTE_BEGINS.some((begins) => begins.test(read.trim()) || begins.test(wrapped.trim()))
  );
}
