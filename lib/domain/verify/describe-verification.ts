import { FINDINGS, type Finding } from './findings.ts';
import type { Verification } from './verify-log.ts';

const MOST_SHOWN = 50;

/** A verification as lines for people. */
export function describeVerification(name: string, verification: Verification): readonly string[] {
  const { findings, counts, notices, entries, from, signedSize, signedAt, objects, checkpoints, lock } =
    verification;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    total === 0 ? `The log at ${name} is whole.` : `The log at ${name} is NOT whole: ${total} findings.`,
    `  entries      ${entries}${from === 0 ? '' : ` from entry ${from} on`}, ${signedSize} signed`,
    `  checkpoints  ${checkpoints}, the last one that holds signed at ${signedAt ?? 'no time'}`,
    `  objects      ${objects}, expected under ${lock === undefined ? 'no known lock' : `${lock.mode} for ${lock.days} days`}`,
    `  key          ${verification.vkey ?? 'none'}`,
    ...notices.map(({ detail }) => `  mind: ${detail}`),
    ...findings.slice(0, MOST_SHOWN).flatMap(lines),
    ...(total > MOST_SHOWN ? [`... and ${total - MOST_SHOWN} more; --json has up to a thousand.`] : []),
  ];
}

function lines({ code, key, versionId, index, detail, lastGood }: Finding): readonly string[] {
  const where = [
    key,
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
    ...(index === undefined ? [] : [`from entry ${index}`]),
  ];
  return [
    `${code}: ${FINDINGS[code]}`,
    `  where  ${where.filter((part) => part !== '').join(', ')}`,
    ...(detail === undefined ? [] : [`  what   ${detail}`]),
    ...(lastGood === undefined
      ? []
      : [`  since  later than ${lastGood.time}: then ${lastGood.size} entries were whole`]),
  ];
}
