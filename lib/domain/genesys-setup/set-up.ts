import { ComplianceError } from '../errors.ts';
import type { Change, ChangeCall } from './change.ts';
import { actionNamed, planChanges } from './changes.ts';
import { differences } from './data-action.ts';
import type { Organization } from './organization.ts';
import type { Plan } from './plan.ts';
import { type Deployment, type Wanted, wantedOf } from './wanted.ts';

/** An organisation that can be read whole and changed one thing at a time. */
export type OrganizationPort = {
  read(prefix: string): Promise<Organization>;
  apply(call: ChangeCall): Promise<void>;
};

export type Planned = {
  readonly found: Organization;
  readonly wanted: Wanted;
  readonly changes: readonly Change[];
};

/** So often a change is tried while somebody else changes the same, no certain answer comes, or it does not show. */
const ATTEMPTS = 3;
/** Role, integration, its settings, switch, data action, rule set, campaign: with room to spare. */
const MOST_ROUNDS = 20;
const WORTH_ANOTHER = new Set(['GENESYS_CONFLICT', 'GENESYS_UNCERTAIN']);

/**
 * Reads an organisation and says what is to be changed in it.
 *
 * @throws ComplianceError PLAN_UNCLEAR naming each name of the plan that means nothing, or more than one thing.
 */
export async function planSetup(
  port: OrganizationPort,
  plan: Plan,
  deployment: Deployment,
): Promise<Planned> {
  const found = await port.read(plan.prefix);
  const wanted = wantedOf(found, plan, deployment);
  const problems = [...wanted.problems, ...fixedContracts(found, wanted)];
  if (problems.length > 0)
    throw new ComplianceError({
      code: 'PLAN_UNCLEAR',
      message: `expected a plan that fits the organisation, but:\n${problems.map((one) => `  ${one}`).join('\n')}`,
    });
  return { found, wanted, changes: planChanges(found, plan, wanted) };
}

export type Setup = {
  readonly plan: Plan;
  readonly deployment: Deployment;
  /** Waits a little: a listing can lag behind what was made. */
  readonly settle: () => Promise<void>;
};

/**
 * Changes an organisation until it is as a plan asks. What was done stands whenever this ends, and the next run goes on
 * from there: each round reads anew, makes what can be made, and plans the rest again.
 *
 * @param told - is given each change once it is made.
 * @throws ComplianceError as planSetup and GenesysApi do; SETUP_WITHOUT_EFFECT where a change was made and does not show.
 */
export async function setUp(
  port: OrganizationPort,
  { plan, deployment, settle }: Setup,
  told: (change: Change) => void,
): Promise<Planned> {
  const made = new Set<string>();
  const failures = new Map<string, number>();
  let unsettled = 0;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const planned = await planSetup(port, plan, deployment);
    if (planned.changes.length === 0) return planned;
    const again = planned.changes.find(({ says }) => made.has(says));
    if (again !== undefined) {
      unsettled += 1;
      if (unsettled === ATTEMPTS) throw withoutEffect(again.says);
      await settle();
      continue;
    }
    unsettled = 0;
    for (const change of planned.changes) {
      if (change.call === undefined) continue;
      if (!(await isMade(port, change.call, { says: change.says, failures }))) continue;
      made.add(change.says);
      told(change);
    }
  }
  throw withoutEffect('all of it');
}

/** False where it is worth another look: somebody changed the same, or the change may have been made. */
async function isMade(
  port: OrganizationPort,
  call: ChangeCall,
  { says, failures }: { says: string; failures: Map<string, number> },
): Promise<boolean> {
  try {
    await port.apply(call);
    return true;
  } catch (error) {
    if (!(error instanceof ComplianceError)) throw error;
    const failed = (failures.get(says) ?? 0) + 1;
    failures.set(says, failed);
    if (WORTH_ANOTHER.has(error.code) && failed < ATTEMPTS) return false;
    throw new ComplianceError({ code: error.code, message: `${says}: ${error.message}`, cause: error });
  }
}

/** What a published data action takes and gives cannot be changed. */
function fixedContracts(found: Organization, wanted: Wanted): string[] {
  return wanted.actions.flatMap((action) => {
    const existing = actionNamed(found, wanted, action.name);
    return existing !== undefined && differences(existing, action).includes('CONTRACT')
      ? [`the data action ${action.name} has another contract: rename it, and setup makes its own`]
      : [];
  });
}

function withoutEffect(says: string): ComplianceError {
  return new ComplianceError({
    code: 'SETUP_WITHOUT_EFFECT',
    message: `expected a change to hold, but it is still asked for: ${says}`,
  });
}
