import type { RegistryEntry } from '../log/entry.ts';
import { type Figures, keyOf, type RegistryUse } from './figures.ts';

/** One line of a checklist. NOT_SHOWN: this log says nothing of it, which is no statement that it was not so. */
export type SafeHarbourLine = {
  readonly citation: string;
  readonly asked: string;
  readonly state: 'SHOWN' | 'NOT_SHOWN' | 'CONTRADICTED';
  /** What of the log shows it, or what counsel must add. */
  readonly because: string;
};

/** "No more than 31 days prior to the date any call is made" (47 CFR 64.1200(c)(2)(i)(D)). */
const MOST_DAYS = 31;
const US_REGISTRY = 'us-national';

/**
 * The safe harbour of 47 CFR 64.1200(c)(2)(i), line by line, as far as entries show it. Green is only what the log itself
 * records; what people did beside it (procedures, training) is for counsel to add.
 */
export function safeHarbour(
  { entries, optOuts, registries }: Figures,
  imports: readonly RegistryEntry[],
): readonly SafeHarbourLine[] {
  const used = registries.filter(({ registry, allowed }) => registry === US_REGISTRY && allowed > 0);
  const byKey = new Map(imports.map((entry) => [keyOf(entry), entry]));
  return [
    notShown(
      '(A)',
      'Written procedures to comply with the do-not-call rules',
      'the procedures in force at the time',
    ),
    notShown('(B)', 'Personnel trained in these procedures', 'who was trained when, and in what'),
    optOuts.optOuts > 0
      ? line(
          '(C)',
          RECORDING,
          'SHOWN',
          `opt-outs recorded in this pack: ${optOuts.optOuts}; decisions that asked the list: ${entries['decision'] ?? 0}`,
        )
      : notShown(
          '(C)',
          RECORDING,
          'an example of a request and of how it was honoured: none is in this pack',
        ),
    registryAge(used),
    registryRecords(used, byKey),
    ownAccess(used, byKey),
    notShown(
      '(c)(2)(i), first sentence',
      'The call was made in error',
      'how the call came about, for each call in dispute',
    ),
    notShown(
      '16 CFR 310.4(b)(3)(v)',
      'Compliance is monitored and enforced',
      'reports of the monitoring, and what followed from them',
    ),
  ];
}

const RECORDING = 'A list of people who asked not to be called is recorded and kept';
const AGE = `The registry version was at most ${MOST_DAYS} days old on the day of each call`;
const RECORDS = 'Records document how the registry was accessed';
const OWN = 'The registry was accessed under the own subscription';

function registryAge(used: readonly RegistryUse[]): SafeHarbourLine {
  if (used.length === 0)
    return notShown('(D)', AGE, 'nothing, if no call needed the registry: none in this pack did');
  const late = used.filter(({ oldestDays }) => oldestDays > MOST_DAYS);
  const oldest = Math.max(...used.map(({ oldestDays }) => oldestDays));
  const calls = used.reduce((sum, { allowed }) => sum + allowed, 0);
  return late.length === 0
    ? line('(D)', AGE, 'SHOWN', `${calls} allowed contacts, the oldest version ${oldest} days old`)
    : line('(D)', AGE, 'CONTRADICTED', `a version was ${oldest} days old when a contact was allowed`);
}

function registryRecords(
  used: readonly RegistryUse[],
  imports: ReadonlyMap<string, RegistryEntry>,
): SafeHarbourLine {
  const without = used.filter((use) => !imports.has(keyOf(use)));
  if (used.length === 0) return unused('(D)', RECORDS);
  if (without.length > 0) {
    return notShown(
      '(D)',
      RECORDS,
      `the records of each version whose import is not in this log (${without.length} of ${used.length})`,
    );
  }
  return line(
    '(D)',
    RECORDS,
    'SHOWN',
    `the log has the import of each of ${used.length} versions, with date and hash`,
  );
}

function ownAccess(
  used: readonly RegistryUse[],
  imports: ReadonlyMap<string, RegistryEntry>,
): SafeHarbourLine {
  const named = used.filter((use) => imports.get(keyOf(use))?.subscriptionId !== undefined);
  if (used.length === 0) return unused('(E)', OWN);
  if (named.length < used.length) {
    return notShown('(E)', OWN, 'the subscription account number and its receipts');
  }
  return line(
    '(E)',
    OWN,
    'SHOWN',
    'each import names its subscription; that it was paid for and not shared, receipts must show',
  );
}

function line(
  citation: string,
  asked: string,
  state: SafeHarbourLine['state'],
  because: string,
): SafeHarbourLine {
  return { citation, asked, state, because };
}

/** Nothing in the pack hung on the registry. */
function unused(citation: string, asked: string): SafeHarbourLine {
  const because = 'not shown by this log; no contact in this pack was allowed on the word of the registry';
  return line(citation, asked, 'NOT_SHOWN', because);
}

function notShown(citation: string, asked: string, missing: string): SafeHarbourLine {
  return line(citation, asked, 'NOT_SHOWN', `not shown by this log; counsel must add ${missing}`);
}
