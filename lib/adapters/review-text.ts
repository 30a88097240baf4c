import type { Token } from '../domain/contact-point/token.ts';
import { ComplianceError } from '../domain/errors.ts';
import { open, sealUnder } from './secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from './secrets-manager/secrets.ts';

export type ReviewTextDeps = {
  readonly dataKeyOf: (token: Token) => Promise<Uint8Array | undefined>;
  readonly kek: () => Promise<KeyEncryptionKey>;
};

/** Whose message, and in which review: a ciphertext opens in no other place. */
export type ReviewPlace = { readonly token: Token; readonly reviewId: string };

/** Messages that wait for a reviewer: ciphertext under the data key of their contact point, gone when it is erased. */
export type ReviewText = {
  /** @throws ComplianceError NO_DATA_KEY where the contact point has none. */
  seal(place: ReviewPlace, text: string): Promise<Uint8Array>;
  /** Undefined where the data key was destroyed. */
  open(place: ReviewPlace, ciphertext: Uint8Array): Promise<string | undefined>;
};

export function createReviewText({ dataKeyOf, kek }: ReviewTextDeps): ReviewText {
  return {
    async seal(place, text) {
      const wrappedKey = await dataKeyOf(place.token);
      if (wrappedKey === undefined) {
        throw new ComplianceError({
          code: 'NO_DATA_KEY',
          message: 'expected the contact point to have a data key, got none; the message was not kept',
        });
      }
      return sealUnder(await kek(), { wrappedKey, context: contextOf(place) }, text);
    },
    async open(place, ciphertext) {
      const wrappedKey = await dataKeyOf(place.token);
      return wrappedKey && open(await kek(), contextOf(place), { ciphertext, wrappedKey });
    },
  };
}

function contextOf({ token, reviewId }: ReviewPlace): string {
  return `${token} ${reviewId}`;
}
