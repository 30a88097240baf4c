/** What an operator reads of an error: its message, and what to do where the message alone would not help. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return 'Nothing answers where the stack should be. Is it up? Start the local one with `npm start`.';
    case 'EADDRINUSE':
      return `${error.message}. Choose another port with --port.`;
    default:
      return error.message;
  }
}

/** What the operating system said; fetch and the SDK wrap it. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' && 'syscall' in error
    ? error.code
    : systemCode(error.cause);
}
