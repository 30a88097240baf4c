import type { PackContents } from './report.ts';

/** The README of a pack: what is in it, and how to check each file of it without trusting whoever made it. */
export function renderReadme(pack: PackContents): string {
  const { scope, logSize, withheld } = pack;
  return lines([
    `# Evidence pack: ${scope.about.kind} ${scope.about.kind === 'person' ? scope.about.token : scope.about.campaignId}`,
    '',
    `Made from an audit log of ${logSize} entries. It is not legal advice. The same log and the same question give the same bytes.`,
    '',
    '## Files',
    '',
    '| file | what it is |',
    '|---|---|',
    '| `report.html` | the report for people; open it in any browser, it fetches nothing |',
    '| `figures.json` | the numbers of the report for programs |',
    '| `entries.ndjson` | the entries, one a line, byte for byte as the log has them, in its order; `index` is the place |',
    ...(withheld === 0
      ? []
      : [
          '| `withheld.ndjson` | entries that say things of other people too: index, leaf hash, and the part about this person |',
        ]),
    '| `registries.ndjson` | the entries of the registry versions that were asked, byte for byte |',
    "| `policies/*.json` | the rules that were decided by; a file's name is its SHA-256 |",
    ...PROOF_FILES,
    ...(withheld === 0
      ? []
      : [
          '| `proofs/<index>.tlog-proof` | the same for a withheld entry, as a [C2SP tlog-proof](https://c2sp.org/tlog-proof) of its leaf hash |',
        ]),
    '| `SHA256SUMS` | SHA-256 of every other file |',
    '',
    '## Checking it',
    '',
    '1. Nothing was changed since the pack was made, as far as its own sums say: `sha256sum -c SHA256SUMS`.',
    ...proofSteps(),
    `5. The rules are those that were in force: the SHA-256 of each \`policies/<hash>.json\` is its name, and the \`policy.hash\` of each`,
    '   decision is such a name. `npx dialguard replay --decision ID` decides one again from its entry and that document.',
    '',
    '## What it does not show',
    '',
    '- Who a token is. Tokens are HMAC-SHA-256 of the number or address under a secret of the operator, who alone can tell.',
    ...disclosure(pack),
    '- That nothing is missing before the log began, or of contacts that nobody asked about. What is in the log is whole; `npx dialguard',
    '  audit verify` shows that of the log itself.',
    '- Rows of scrubbed contact lists: the entry of a scrub names its evidence object by key and SHA-256.',
    '- What the safe-harbour list calls “not shown”: counsel must add it.',
  ]);
}

const PROOF_FILES = [
  '| `proofs/<index>.json` | that the entry of this index is in the log: the path to the root of a signed checkpoint |',
  '| `vkey`, `checkpoint` | the key that signs the log, and the signed checkpoint that all proofs lead to |',
];

function proofSteps(): readonly string[] {
  return [
    '2. Compare `vkey` with a copy that the operator did not give you with this pack: whoever could replace it could replace all else.',
    '3. Each entry is in the log: `npx dialguard audit verify-proof proofs/<index>.json`, for any of them or for all.',
    '   It reads the file alone and asks nobody.',
    '4. The proof is about the line: SHA-256 of a zero byte and the line of `entries.ndjson` (or `registries.ndjson`) without its line feed',
    '   is the leaf hash that the proof begins with. Each proof file holds its entry; it is the same text.',
  ];
}

function disclosure({ scope, withheld }: PackContents): readonly string[] {
  if (scope.about.kind === 'campaign') {
    return [
      "- Other people's clear data: people stand in it by token alone. Tokens are personal data still; treat the pack as such.",
    ];
  }
  return withheld === 0
    ? ['- Anything of other people: every entry in it is about this person alone.']
    : [
        '- The whole of the entries in `withheld.ndjson`. A check of several numbers is one entry, which says of each number what is known of it;',
        '  the others may be other people. Their part can be shown to a court: the leaf hash here is proved, so that nobody can show another line.',
      ];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
