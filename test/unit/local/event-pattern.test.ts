import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../lib/local/event-bridge/pattern.ts';
import type { Json } from '../../../lib/local/event-bridge/pattern-json.ts';

type Case = readonly [name: string, pattern: Json, event: Json, matches: boolean];

// From the Amazon EventBridge User Guide, "Comparison operators for use in event patterns" and "Event patterns", and from
// the README of aws/event-ruler, the matcher that EventBridge uses.
const CASES: readonly Case[] = [
  ['exact: one of the values', { Name: ['Alice', 'Bob'] }, { Name: 'Bob' }, true],
  ['exact: another value', { Name: ['Alice'] }, { Name: 'alice' }, false],
  ['exact: the field is missing', { Name: ['Alice'] }, {}, false],
  ['exact: a number is no string', { code: ['1'] }, { code: 1 }, false],
  ['exact: a number', { code: [300] }, { code: 300 }, true],
  ['exact: a boolean', { on: [true] }, { on: true }, true],
  ['exact: fields not named are ignored', { a: [1] }, { a: 1, b: 2 }, true],
  [
    'and: both fields',
    { Location: ['New York'], Day: ['Monday'] },
    { Location: 'New York', Day: 'Monday' },
    true,
  ],
  [
    'and: one field differs',
    { Location: ['New York'], Day: ['Monday'] },
    { Location: 'New York', Day: 'Friday' },
    false,
  ],
  ['null', { UserID: [null] }, { UserID: null }, true],
  ['null is no empty string', { UserID: [null] }, { UserID: '' }, false],
  ['null is no missing field', { UserID: [null] }, {}, false],
  ['empty string', { LastName: [''] }, { LastName: '' }, true],
  ['empty string is not null', { LastName: [''] }, { LastName: null }, false],
  ['nested field', { detail: { state: ['stopped'] } }, { detail: { state: 'stopped' } }, true],
  ['nested field under a value', { detail: { state: ['stopped'] } }, { detail: 'stopped' }, false],
  ['prefix', { time: [{ prefix: '2017-10-02' }] }, { time: '2017-10-02T18:43:48Z' }, true],
  ['prefix: elsewhere', { time: [{ prefix: '10-02' }] }, { time: '2017-10-02T18:43:48Z' }, false],
  ['prefix: of a number', { n: [{ prefix: '1' }] }, { n: 12 }, false],
  [
    'prefix, ignoring case',
    { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    { service: 'eventbridge' },
    true,
  ],
  [
    'prefix, ignoring case: another',
    { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    { service: 'sqs' },
    false,
  ],
  ['suffix', { FileName: [{ suffix: '.png' }] }, { FileName: 'a.png' }, true],
  ['suffix: another', { FileName: [{ suffix: '.png' }] }, { FileName: 'a.PNG' }, false],
  [
    'suffix, ignoring case',
    { FileName: [{ suffix: { 'equals-ignore-case': '.png' } }] },
    { FileName: 'a.PNG' },
    true,
  ],
  [
    'equals-ignore-case',
    { 'detail-type': [{ 'equals-ignore-case': 'ec2 Change' }] },
    { 'detail-type': 'EC2 change' },
    true,
  ],
  ['equals-ignore-case: another', { x: [{ 'equals-ignore-case': 'a' }] }, { x: 'ab' }, false],
  [
    'anything-but: another value',
    { state: [{ 'anything-but': 'initializing' }] },
    { state: 'running' },
    true,
  ],
  [
    'anything-but: the value',
    { state: [{ 'anything-but': 'initializing' }] },
    { state: 'initializing' },
    false,
  ],
  ['anything-but: missing', { state: [{ 'anything-but': 'initializing' }] }, {}, false],
  ['anything-but: null is something', { state: [{ 'anything-but': 'initializing' }] }, { state: null }, true],
  [
    'anything-but: list',
    { state: [{ 'anything-but': ['stopped', 'overloaded'] }] },
    { state: 'overloaded' },
    false,
  ],
  [
    'anything-but: list, another',
    { state: [{ 'anything-but': ['stopped', 'overloaded'] }] },
    { state: 'running' },
    true,
  ],
  ['anything-but: number', { 'x-limit': [{ 'anything-but': 123 }] }, { 'x-limit': 123 }, false],
  ['anything-but: numbers', { 'x-limit': [{ 'anything-but': [100, 200, 300] }] }, { 'x-limit': 150 }, true],
  [
    'anything-but: prefix',
    { Region: [{ 'anything-but': { prefix: 'us-' } }] },
    { Region: 'us-east-1' },
    false,
  ],
  [
    'anything-but: prefix, another',
    { Region: [{ 'anything-but': { prefix: 'us-' } }] },
    { Region: 'eu-west-1' },
    true,
  ],
  [
    'anything-but: prefixes',
    { Region: [{ 'anything-but': { prefix: ['us-', 'eu-'] } }] },
    { Region: 'eu-west-1' },
    false,
  ],
  [
    'anything-but: suffix',
    { FileName: [{ 'anything-but': { suffix: '.txt' } }] },
    { FileName: 'a.txt' },
    false,
  ],
  [
    'anything-but: suffixes',
    { FileName: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] },
    { FileName: 'a.png' },
    true,
  ],
  [
    'anything-but: ignoring case',
    { state: [{ 'anything-but': { 'equals-ignore-case': 'initializing' } }] },
    { state: 'INITIALIZING' },
    false,
  ],
  [
    'anything-but: list, ignoring case',
    { s: [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }] },
    { s: 'C' },
    true,
  ],
  [
    'anything-but: wildcard',
    { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] },
    { FilePath: 'a/lib/b' },
    false,
  ],
  [
    'anything-but: wildcards',
    { FilePath: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] },
    { FilePath: 'a/src/b' },
    true,
  ],
  ['numeric: within', { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] }, { 'c-count': 5 }, true],
  ['numeric: outside', { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] }, { 'c-count': 0 }, false],
  ['numeric: below', { 'd-count': [{ numeric: ['<', 10] }] }, { 'd-count': 9.5 }, true],
  ['numeric: equal', { 'x-limit': [{ numeric: ['=', 3.018e2] }] }, { 'x-limit': 301.8 }, true],
  ['numeric: at least', { n: [{ numeric: ['>=', 1] }] }, { n: 1 }, true],
  ['numeric: a string is no number', { n: [{ numeric: ['>', 0] }] }, { n: '5' }, false],
  ['exists', { ProductName: [{ exists: true }] }, { ProductName: null }, true],
  ['exists: missing', { ProductName: [{ exists: true }] }, {}, false],
  ['exists: an object is no leaf', { 'c-count': [{ exists: true }] }, { 'c-count': { c1: 100 } }, false],
  ['not exists', { detail: { 'c-count': [{ exists: false }] } }, { detail: { state: 'x' } }, true],
  ['not exists: nor its parent', { detail: { 'c-count': [{ exists: false }] } }, {}, true],
  [
    'not exists: it does',
    { detail: { 'c-count': [{ exists: false }] } },
    { detail: { 'c-count': 1 } },
    false,
  ],
  ['not exists: an object is no leaf', { 'c-count': [{ exists: false }] }, { 'c-count': { c1: 100 } }, true],
  ['not exists: an empty array has no leaf', { list: [{ exists: false }] }, { list: [] }, true],
  [
    'wildcard',
    { EventBusArn: [{ wildcard: '*:event-bus/*' }] },
    { EventBusArn: 'arn:aws:events:x:event-bus/y' },
    true,
  ],
  ['wildcard: inside', { source: [{ wildcard: 'Simple*Service' }] }, { source: 'SimpleQueueService' }, true],
  ['wildcard: of nothing', { source: [{ wildcard: 'Simple*Service' }] }, { source: 'SimpleService' }, true],
  ['wildcard: parts must not overlap', { s: [{ wildcard: 'aba*aba' }] }, { s: 'ababa' }, false],
  ['wildcard: escaped', { s: [{ wildcard: 'a\\*b' }] }, { s: 'a*b' }, true],
  ['wildcard: escaped, not a wildcard', { s: [{ wildcard: 'a\\*b' }] }, { s: 'axb' }, false],
  ['wildcard: escaped backslash', { s: [{ wildcard: 'a\\\\*' }] }, { s: 'a\\x' }, true],
  ['cidr', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
  ['cidr: outside', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.1.0' }, false],
  ['cidr: no address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: 'host' }, false],
  ['cidr: IPv6', { ip: [{ cidr: '2001:db8::/32' }] }, { ip: '2001:db8:1::1' }, true],
  ['array: intersection', { resources: ['b', 'c'] }, { resources: ['a', 'b'] }, true],
  ['array: no intersection', { resources: ['b', 'c'] }, { resources: ['a', 'd'] }, false],
  ['array: operator on an element', { ids: [{ prefix: 'x' }] }, { ids: ['a', 'xb'] }, true],
  ['array: an element is anything but', { ids: [{ 'anything-but': 'a' }] }, { ids: ['a', 'b'] }, true],
  ['array: fields of one element', { list: { a: [1], b: [2] } }, { list: [{ a: 1, b: 2 }] }, true],
  ['array: fields of two elements', { list: { a: [1], b: [2] } }, { list: [{ a: 1 }, { b: 2 }] }, false],
  [
    '$or: the second',
    { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPU'] }, { namespace: ['EC2'] }] },
    { source: 'aws.cloudwatch', namespace: 'EC2' },
    true,
  ],
  [
    '$or: neither',
    { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPU'] }, { namespace: ['EC2'] }] },
    { source: 'aws.cloudwatch' },
    false,
  ],
  [
    '$or: but not the rest',
    { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPU'] }, { namespace: ['EC2'] }] },
    { source: 'x', namespace: 'EC2' },
    false,
  ],
  ['$or: an and inside', { $or: [{ a: [1], b: [2] }, { c: [3] }] }, { a: 1, c: 4 }, false],
  [
    '$or: nested',
    { detail: { $or: [{ a: [{ numeric: ['>', 0] }] }, { b: { c: ['x'] } }] } },
    { detail: { b: { c: 'x' } } },
    true,
  ],
  ["$or: of one field's values", { a: ['x', { prefix: 'y' }, { exists: false }] }, { a: 'yes' }, true],
  [
    'a Genesys wrap-up',
    {
      source: [{ prefix: 'aws.partner/genesys.com' }],
      'detail-type': ['v2.detail.events.conversation.{id}.acw'],
    },
    {
      source: 'aws.partner/genesys.com/cloud/o/s',
      'detail-type': 'v2.detail.events.conversation.{id}.acw',
      detail: {},
    },
    true,
  ],
  [
    'an upload to the inbox',
    {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['inbox'] }, object: { key: [{ prefix: 'contact-lists/' }] } },
    },
    {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: 'inbox' }, object: { key: 'other/x.csv' } },
    },
    false,
  ],
];

describe('an event pattern', () => {
  test.each(CASES)('%s', (_name, pattern, event, matches) => {
    expect(compilePattern(pattern)(event)).toBe(matches);
  });

  test.each<readonly [string, Json]>([
    ['no object', ['a']],
    ['an empty object', {}],
    ['an empty object inside', { detail: {} }],
    ['an empty array', { a: [] }],
    ['a value without an array', { a: 'x' }],
    ['an array inside an array', { a: [['x']] }],
    ['an unknown operator', { a: [{ regex: 'x' }] }],
    ['an operator of Object.prototype', { a: [{ constructor: 'x' }] }],
    ['two operators', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['no operator', { a: [{}] }],
    ['prefix of a number', { a: [{ prefix: 1 }] }],
    ['prefix with another operator inside', { a: [{ prefix: { wildcard: 'x' } }] }],
    ['exists of a string', { a: [{ exists: 'true' }] }],
    ['anything-but of mixed types', { a: [{ 'anything-but': ['x', 1] }] }],
    ['anything-but of nothing', { a: [{ 'anything-but': [] }] }],
    ['anything-but of null', { a: [{ 'anything-but': null }] }],
    ['anything-but of an unknown operator', { a: [{ 'anything-but': { numeric: ['>', 1] } }] }],
    ['numeric without a number', { a: [{ numeric: ['>', 'x'] }] }],
    ['numeric with an unknown comparison', { a: [{ numeric: ['!=', 1] }] }],
    ['numeric with two lower bounds', { a: [{ numeric: ['>', 1, '>', 2] }] }],
    ['numeric beyond the limit', { a: [{ numeric: ['<', 5.1e9] }] }],
    ['consecutive wildcards', { a: [{ wildcard: 'x**y' }] }],
    ['an escape of another character', { a: [{ wildcard: 'x\\y' }] }],
    ['cidr without a prefix length', { a: [{ cidr: '10.0.0.0' }] }],
    ['cidr beyond the address', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['$or of one', { $or: [{ a: [1] }] }],
    ['$or of no objects', { $or: ['a', 'b'] }],
  ])('with %s is refused when it is made', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidEventPatternException' }),
    );
  });

  test('decides a wildcard as the obvious, exponential search does', () => {
    const obvious = (pattern: string, value: string): boolean => {
      if (pattern === '') return value === '';
      if (pattern[0] !== '*') return pattern[0] === value[0] && obvious(pattern.slice(1), value.slice(1));
      return obvious(pattern.slice(1), value) || (value !== '' && obvious(pattern, value.slice(1)));
    };
    const letters = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
    fc.assert(
      fc.property(letters('ab*'), letters('ab'), (drawn, value) => {
        const pattern = drawn.replace(/\*+/g, '*');
        expect(compilePattern({ s: [{ wildcard: pattern }] })({ s: value })).toBe(obvious(pattern, value));
      }),
      { numRuns: 1000 },
    );
  });
});
