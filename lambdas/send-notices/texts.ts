import { ComplianceError } from '../../lib/domain/errors.ts';
import { filledIn } from '../../lib/domain/incident/fill-in.ts';
import type { NoticeAddress, Route } from '../../lib/domain/notice/notice.ts';
import type { NoticeText } from '../../lib/domain/notice/ports.ts';
import type { Channel } from '../../lib/domain/vocabulary.ts';
import type { ReleasedIncident, SendNoticesDeps } from './deps.ts';

/** One message at a time, a text message is no longer than this: genesys.cloud, POST conversations/messages/agentless. */
const LONGEST_SINGLE_SMS = 765;

/** The texts of an incident as its recipients need them, each looked up once a run. */
export class NoticeTexts {
  readonly #deps: Pick<SendNoticesDeps, 'templates'>;
  readonly #incident: ReleasedIncident;
  readonly #found = new Map<string, Promise<NoticeText | undefined>>();

  constructor(deps: Pick<SendNoticesDeps, 'templates'>, incident: ReleasedIncident) {
    this.#deps = deps;
    this.#incident = incident;
  }

  /** In the dearest language that has an approved text, else in the fallback; undefined where that has none either. */
  for(channel: Channel, { languages }: Pick<NoticeAddress, 'languages'>): Promise<NoticeText | undefined> {
    const key = JSON.stringify([channel, languages]);
    const text = this.#found.get(key) ?? this.#find(channel, languages);
    this.#found.set(key, text);
    return text;
  }

  async #find(channel: Channel, languages: readonly string[]): Promise<NoticeText | undefined> {
    const incident = this.#incident;
    const found = await this.#deps.templates.approved(incident.template.name, channel, languages);
    if (found === undefined) return undefined;
    const { template, language } = found;
    if (template.name !== incident.template.name || template.channel !== channel) {
      throw new ComplianceError({
        code: 'WRONG_TEMPLATE',
        message: 'expected a text of the released template and channel, got another; nothing was sent',
      });
    }
    return {
      incidentId: incident.id,
      channel,
      language,
      templateVersion: template.version,
      ...filledIn(template, incident),
    };
  }
}

/** What goes out together: one list and one campaign. */
export function keyOf({ channel, language, templateVersion }: NoticeText): string {
  return `${channel} ${language} v${templateVersion}`;
}

/** Few notices go out one by one, where the platform does that at all. */
export function routeOf({ channel, text }: NoticeText, via: Route): Route {
  const single = channel === 'EMAIL' || (channel === 'SMS' && text.length <= LONGEST_SINGLE_SMS);
  return single ? via : 'CAMPAIGN';
}
