import { type ApiRequest, type ApiResponse, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { respondRefused } from '../../lib/adapters/http/refusals.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { NoticeContact } from '../../lib/domain/incident/incident.ts';
import { LINT_MEANING, type LintFinding, lintTemplate } from '../../lib/domain/incident/lint-template.ts';
import type { TemplateText } from '../../lib/domain/incident/templates.ts';
import { NewApproval, NewTemplate, TemplatePath } from './event.ts';
import type { HandleIncidentDeps } from './handle-incident.ts';

/** Keeps a text as a new version, if nothing speaks against it. */
export async function writeTemplate(
  { body, client }: ApiRequest,
  { templates, contact, now, newId }: HandleIncidentDeps,
): Promise<ApiResponse> {
  const parsed = NewTemplate.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const { dryRun, subject, ...words } = parsed.data;
  const draft = { ...words, ...(subject === undefined ? {} : { subject }) };
  const findings = findingsOf(draft, contact);
  if (findings.length > 0) return respond(422, { accepted: false, code: 'TEXT_REFUSED', findings });
  if (dryRun) return respond(200, { accepted: true, findings });
  const template = await templates.put(draft, { entryId: newId(), at: now(), client });
  return respond(201, { accepted: true, template });
}

export async function listTemplates({ templates }: HandleIncidentDeps): Promise<ApiResponse> {
  return respond(200, { templates: await templates.list() });
}

export async function showTemplate(
  { pathParameters }: ApiRequest,
  { templates }: HandleIncidentDeps,
): Promise<ApiResponse> {
  const ref = TemplatePath.safeParse(pathParameters);
  const found = ref.success ? await templates.read(ref.data) : undefined;
  if (found === undefined) return respondRefused({ code: 'UNKNOWN_TEMPLATE' });
  const { subject, text } = found.template;
  return respond(200, { ...found.summary, ...(subject === undefined ? {} : { subject }), text });
}

/** A second person says yes to the words whose hash they name; what the lint has learnt since is asked again. */
export async function approveTemplate(
  { body, client }: ApiRequest,
  { templates, contact, now, newId }: HandleIncidentDeps,
): Promise<ApiResponse> {
  const parsed = NewApproval.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const { by, sha256, ...ref } = parsed.data;
  const found = await templates.read(ref);
  if (found === undefined) return respondRefused({ code: 'UNKNOWN_TEMPLATE' });
  const findings = findingsOf(found.template, contact);
  if (findings.length > 0) return respond(422, { accepted: false, code: 'TEXT_REFUSED', findings });
  const at = now();
  const template = await templates.approve(ref, { by, at, sha256 }, { entryId: newId(), at, client });
  return respond(200, { accepted: true, template });
}

function findingsOf(
  words: Pick<TemplateText, 'channel' | 'subject' | 'text'>,
  contact: NoticeContact | undefined,
): readonly (LintFinding & { readonly meaning: string })[] {
  if (contact === undefined) {
    throw new ComplianceError({
      code: 'CONTACT_MISSING',
      message:
        'expected settings that say how people reach the operator (incidents.contact); nothing was written',
    });
  }
  return lintTemplate(words, contact).map((finding) => ({ ...finding, meaning: LINT_MEANING[finding.code] }));
}
