import type { Command } from 'commander';
import { addAuditDownload } from './audit-download.ts';
import { addAuditErase } from './audit-erase.ts';
import { addAuditEvidence } from './audit-evidence.ts';
import { addAuditProve, addAuditProveConsistency } from './audit-prove.ts';
import { addAuditQuery } from './audit-query.ts';
import { addAuditToken } from './audit-token.ts';
import { addAuditVerify } from './audit-verify.ts';
import { addAuditVerifyProof } from './audit-verify-proof.ts';

/** `dialguard audit`: what shows that the log is whole, and what is in it. Each subcommand has a file of its own. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit log: is it whole, and what is in it');
  const subcommands: readonly ((audit: Command) => void)[] = [
    addAuditVerify,
    addAuditDownload,
    addAuditProve,
    addAuditProveConsistency,
    addAuditVerifyProof,
    addAuditEvidence,
    addAuditErase,
    addAuditQuery,
    addAuditToken,
  ];
  for (const add of subcommands) add(audit);
}
