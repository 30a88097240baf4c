import type { Command } from 'commander';
import { type ApiAnswer, globalOptions } from './connection.ts';
import { ShownIncident } from './incident-answers.ts';
import { incidentLines } from './incident-lines.ts';
import { printAnswer } from './output.ts';

/** What the API said of one incident. */
export function printIncident(command: Command, answer: ApiAnswer): void {
  printAnswer(globalOptions(command).json, answer, () =>
    incidentLines(ShownIncident.parse(answer.body), Date.now()),
  );
}

/** Where the API has an incident. */
export function pathOf(id: string): string {
  return `/v1/incidents/${encodeURIComponent(id)}`;
}
