import type { Command } from 'commander';
import { addAuditErase } from './audit-erase.ts';
import { addAuditQuery } from './audit-query.ts';
import { addAuditToken } from './audit-token.ts';

/** `dialguard audit`: what shows that the log is whole, and what is in it. Each subcommand has a file of its own. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit log: is it whole, and what is in it');
  const subcommands: readonly ((audit: Command) => void)[] = [addAuditErase, addAuditQuery, addAuditToken];
  for (const add of subcommands) add(audit);
}
