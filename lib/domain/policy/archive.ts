import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { type Policy, PolicyDocument, policyOf } from './policy.ts';

/** The documents of every policy that a logged decision names, each written once under its hash. */
export interface PolicyArchive {
  /** Keeps a policy's document. A second call changes nothing. */
  keep(policy: Policy): Promise<void>;
  /** Whether a document is kept under this hash. */
  has(hash: string): Promise<boolean>;
  /** The policy of this hash; undefined if it is not kept, or in no form that this version can read. */
  find(hash: string): Promise<Policy | undefined>;
}

/** The key of a policy's document. */
export function policyKey(hash: string): string {
  return `policies/${hash}.json`;
}

/** A policy's document as it is kept: the text whose SHA-256 is the policy's hash. */
export function documentText({ hash: _hash, name: _name, ...document }: Policy): string {
  return canonicalJson(document);
}

/**
 * Reads a kept document; undefined if it holds what this version of Dialguard does not know.
 *
 * @throws ComplianceError POLICY_BROKEN if it is not the text that the hash names.
 */
export function keptPolicy(hash: string, text: string): Policy | undefined {
  if (sha256Hex(text) !== hash) {
    throw new ComplianceError({
      code: 'POLICY_BROKEN',
      message: `expected the policy document of hash ${hash}, got another text; nothing was decided under it`,
    });
  }
  const document = PolicyDocument.safeParse(JSON.parse(text));
  return document.success ? policyOf(document.data) : undefined;
}
