import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Token } from '../../domain/contact-point/token.ts';
import { RecordedAnswer } from '../../domain/decision/answer.ts';
import type { ContactPoint } from '../../domain/ports.ts';
import { ContactPointState, EMPTY_STATE } from '../../domain/state/state.ts';

export type Item = Record<string, AttributeValue>;

const StoredContactPoint = ContactPointState.extend({
  version: z.number().int().positive(),
  answers: z.record(z.string(), RecordedAnswer),
  pending: z.record(z.string(), z.string()),
  sealed: z.instanceof(Uint8Array).optional(),
});

/**
 * Reads an item. An item that is not of the expected form throws: what a decision cannot understand must not pass for
 * "nothing known".
 */
export function contactPointOf(token: Token, item: Item | undefined): ContactPoint {
  if (item === undefined) {
    return {
      token,
      version: 0,
      state: EMPTY_STATE,
      pendingCount: 0,
      pendingBytes: 0,
      sealed: false,
      answers: {},
    };
  }
  const { version, answers, pending, sealed, ...state } = StoredContactPoint.parse(unmarshall(item));
  return {
    token,
    version,
    state,
    pendingCount: Object.keys(pending).length,
    pendingBytes: Object.values(pending).reduce((sum, line) => sum + Buffer.byteLength(line), 0),
    sealed: sealed !== undefined,
    answers,
  };
}

/** Attribute values of an expression; undefined members are left out, as in JSON. */
export function attributes(values: Record<string, unknown>): Item {
  return marshall(values, { removeUndefinedValues: true });
}
