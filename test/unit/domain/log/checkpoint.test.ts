import { describe, expect, it } from 'vitest';
import {
  checkpointKey,
  checkpointText,
  idleCheckpointKey,
  isIdleCheckpointDue,
  readCheckpointText,
} from '../../../../lib/domain/log/checkpoint.ts';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const AT = Date.parse('2026-11-22T06:59:59.999Z');
const HEAD = { origin: 'example.com/log', size: 20852163, root: Buffer.from(ROOT, 'base64'), at: AT };
const TEXT = `example.com/log\n20852163\n${ROOT}\ntime 2026-11-22T06:59:59.999Z\n`;

describe('a checkpoint', () => {
  it('has the three lines of tlog-checkpoint and one with the time', () => {
    expect(checkpointText(HEAD)).toBe(TEXT);
    expect(readCheckpointText(TEXT)).toEqual(HEAD);
  });

  it.each([
    ['no lines', ''],
    ['a size with a leading zero', TEXT.replace('20852163', '020852163')],
    ['a size that is no number', TEXT.replace('20852163', '-1')],
    ['a short hash', TEXT.replace('CsUY', '')],
    ['no time', TEXT.replace(/time.*\n/, '')],
    ['a line more', `${TEXT}more\n`],
    ['no last line feed', TEXT.slice(0, -1)],
    ['another form of time', TEXT.replace('.999Z', 'Z')],
  ])('is not read with %s', (_, text) => {
    expect(readCheckpointText(text)).toBeUndefined();
  });

  it('lies under its size, and a later one under its hour as well', () => {
    expect(checkpointKey(0)).toBe('checkpoints/0');
    expect(checkpointKey(20852163)).toBe('checkpoints/20852163');
    expect(idleCheckpointKey(7, AT)).toBe('checkpoints/7.idle/2026-11-22T06');
  });

  it.each([
    [0, false],
    [1, true],
    [3_600_000, true],
    [-1, false],
    [-3_600_000, false],
  ])('is due again once its hour has ended: %i ms later %s', (later, due) => {
    expect(isIdleCheckpointDue(AT, AT + later)).toBe(due);
  });
});
