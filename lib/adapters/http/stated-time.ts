import * as z from 'zod';

/** An ISO 8601 time with its offset, read as epoch milliseconds. */
export const StatedTime = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 date and time with its offset' })
  .transform((text) => Date.parse(text))
  .pipe(z.number('expected a date of the calendar').int().nonnegative());
