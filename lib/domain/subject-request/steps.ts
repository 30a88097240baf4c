import type { CorrelatedSubject } from './correlate.ts';
import type { GdprAsk, GdprRequestType } from './genesys-gdpr.ts';
import type { RequestType, Step, SubjectData, SubjectRequest } from './request.ts';

/** What Genesys Cloud is asked for; restriction and objection are kept by us, and reach it as suppressions. */
const GENESYS: Readonly<Partial<Record<RequestType, GdprRequestType>>> = {
  ACCESS: 'GDPR_EXPORT',
  RECTIFICATION: 'GDPR_UPDATE',
  ERASURE: 'GDPR_DELETE',
};
/** What Genesys Multicloud CX is asked for: its files know nothing else. */
const IN_FILES: ReadonlySet<RequestType> = new Set(['ACCESS', 'ERASURE']);

/** Which systems besides our own store a deployment serves. */
export type ConnectedSystems = { readonly genesysCloud: boolean; readonly multicloud: boolean };

/**
 * Everything to be done for an approved request, our own store first: a person is suppressed before other systems forget
 * them, so that the next upload cannot bring them back.
 */
export function planSteps(request: SubjectRequest, systems: ConnectedSystems): readonly Step[] {
  const own = request.tokens.map((_, position) => stepOf('DIALGUARD', `dialguard:${position + 1}`));
  const approved = request.approval?.subjects ?? [];
  const genesys = systems.genesysCloud && GENESYS[request.type] !== undefined ? approved : [];
  const files = systems.multicloud && IN_FILES.has(request.type) && request.tokens.length > 0;
  return [
    ...own,
    ...genesys.map((key) => stepOf('GENESYS_CLOUD', `genesys:${key}`)),
    ...(files ? [stepOf('MULTICLOUD', 'multicloud:1')] : []),
  ];
}

function stepOf(system: Step['system'], id: string): Step {
  return { id, system, state: 'WAITING', attempts: 0 };
}

/** The contact point that a step on our own store is about. */
export function tokenOfStep({ tokens }: Pick<SubjectRequest, 'tokens'>, { id }: Step): string | undefined {
  return tokens[Number(id.slice('dialguard:'.length)) - 1];
}

/** What a step asks of Genesys Cloud; undefined where the subject is not one of those found. */
export function askOfStep(
  { type }: Pick<SubjectRequest, 'type'>,
  { found, replacements }: Pick<SubjectData, 'found' | 'replacements'>,
  { id }: Step,
): GdprAsk | undefined {
  const subject = found.find((each: CorrelatedSubject) => id === `genesys:${each.key}`);
  const requestType = GENESYS[type];
  if (subject?.target === undefined || requestType === undefined) return undefined;
  const { target, records } = subject;
  const canonical = 'externalContactId' in target ? [target.externalContactId] : [];
  const mergeSet = [...canonical, ...records.flatMap(({ externalContactId }) => externalContactId ?? [])];
  return { requestType, target, mergeSet: [...new Set(mergeSet)], replacements };
}

/**
 * The steps that may be moved now: those of our own store first. Nobody is erased elsewhere before they are suppressed and
 * erased here, and so not while a litigation hold keeps them (GDPR Art 17(3)(e)).
 */
export function movableSteps(request: Pick<SubjectRequest, 'type' | 'steps'>): readonly Step[] {
  const open = request.steps.filter(({ state }) => state === 'WAITING' || state === 'SENT');
  const own = open.filter(({ system }) => system === 'DIALGUARD');
  if (own.length > 0) return own;
  return mayLeave(request) ? open : [];
}

/** The steps that cannot be begun because of what became of our own store, as they end. */
export function stepsHeldBack(request: Pick<SubjectRequest, 'type' | 'steps'>): readonly Step[] {
  if (movableSteps(request).length > 0) return [];
  const isHeld = request.steps.some(({ cause }) => cause === 'LITIGATION_HOLD');
  const cause = isHeld ? 'LITIGATION_HOLD' : 'NOT_ERASED_HERE';
  return request.steps.flatMap((step) =>
    step.state === 'WAITING' ? [{ ...step, state: 'HELD', cause }] : [],
  );
}

function mayLeave({ type, steps }: Pick<SubjectRequest, 'type' | 'steps'>): boolean {
  const own = steps.filter(({ system }) => system === 'DIALGUARD');
  return type !== 'ERASURE' || own.every(({ state }) => state === 'DONE');
}
