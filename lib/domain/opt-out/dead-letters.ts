/** A message that could not be read whole, kept as it came for somebody to look at. */
export type DeadLetter = {
  /** The same on every attempt, so that one message is parked once. */
  readonly id: string;
  readonly body: string;
  readonly cause: string;
  /** The message group that it belongs to again once it is sent back; a group of its own where none is named. */
  readonly group?: string;
};

export interface DeadLetters {
  /** Keeps a message. Once it returns, the message is safe and may be acknowledged. */
  send(letter: DeadLetter): Promise<void>;
}
