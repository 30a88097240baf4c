import { describe, expect, test } from 'vitest';
import { reportedFailures } from '../../../lib/local/event-source-mapping/batch.ts';

describe('an answer', () => {
  const ids = ['a', 'b', 'c'];
  test.each<readonly [string, string, readonly string[]]>([
    ['without a list', '{}', []],
    ['of null', 'null', []],
    ['with a list of null', '{"batchItemFailures":null}', []],
    ['with an empty list', '{"batchItemFailures":[]}', []],
    ['with one id', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
    ['with an id twice', '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}', ['b']],
    ['with an empty id', '{"batchItemFailures":[{"itemIdentifier":""}]}', ids],
    ['with an id of null', '{"batchItemFailures":[{"itemIdentifier":null}]}', ids],
    ['with another key', '{"batchItemFailures":[{"id":"b"}]}', ids],
    ['with an unknown id', '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"z"}]}', ids],
    ['with no list', '{"batchItemFailures":"b"}', ids],
    ['that is a string', '"ok"', ids],
    ['that is no JSON', '{', ids],
  ])('%s', (_name, payload, failed) => {
    expect([...reportedFailures(payload, ids)]).toEqual(failed);
  });
});
