/**
 * The one error class: something that is no expected outcome. `code` is stable and may be matched on; `message` says
 * what was expected, what was got and what was done, and never holds a number, an address, a name or a body.
 */
export class ComplianceError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor({ code, message, cause }: { code: Code; message: string; cause?: unknown }) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'ComplianceError';
    this.code = code;
  }
}
