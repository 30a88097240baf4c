/** Why an input is not read as a contact point. Unreadable input is never dialled: it blocks, or is parked. */
export type UnreadableCause =
  | 'EMPTY'
  | 'TOO_LONG'
  | 'BAD_CHARACTERS'
  | 'NO_REGION'
  | 'NOT_VALID'
  | 'EXTENSION'
  | 'AMBIGUOUS'
  | 'SIP_ADDRESS'
  | 'VANITY';

export type Unreadable = { readonly kind: 'unreadable'; readonly cause: UnreadableCause };

/** The value that says `cause`; it holds nothing of the input. */
export function unreadable(cause: UnreadableCause): Unreadable {
  return { kind: 'unreadable', cause };
}
