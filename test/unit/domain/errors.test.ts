import { expect, test } from 'vitest';
import { ComplianceError } from '../../../lib/domain/errors.ts';

test('carries its code, its message and its cause', () => {
  const cause = new Error('socket closed');
  const error = new ComplianceError({
    code: 'STORE_UNAVAILABLE',
    message: 'expected an item, got nothing',
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'ComplianceError', code: 'STORE_UNAVAILABLE', cause });
  expect(error.message).toBe('expected an item, got nothing');
});

test('has no cause unless one is given', () => {
  expect(Object.hasOwn(new ComplianceError({ code: 'X', message: 'y' }), 'cause')).toBe(false);
});
