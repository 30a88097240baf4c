import { EVENT_INTEGRATION, type Integration, type Organization } from './organization.ts';
import type { Plan } from './plan.ts';

/** Topics that carry wrap-up codes; each of them where the organisation can send it to EventBridge. */
const OPT_OUT_TOPICS = [
  'v2.detail.events.conversation.{id}.acw',
  'v2.detail.events.conversation.{id}.wrapup',
  'v2.outbound.voice.campaigns.contact.postContact',
  'v2.outbound.preview.campaigns.contact.postContact',
  'v2.outbound.messaging.campaigns.contact.postContact',
  'v2.outbound.email.campaigns.contact.postContact',
] as const;
/** Without this one no wrap-up code comes at all. */
const NEEDED = OPT_OUT_TOPICS[0];

export type EventSource = NonNullable<Plan['eventBridge']>;

export function wantedTopics({ eventBridgeTopics }: Organization): readonly string[] {
  return OPT_OUT_TOPICS.filter((topic) => topic === NEEDED || eventBridgeTopics.includes(topic));
}

/** The source that sends to the account, region and suffix of the plan, whatever it is called. */
export function sourceOf({ integrations }: Organization, wanted: EventSource): Integration | undefined {
  return integrations.find(({ integrationType, config: { properties } }) => {
    const isSource = integrationType?.id === EVENT_INTEGRATION;
    return (
      isSource &&
      properties['awsAccountId'] === wanted.awsAccountId &&
      properties['awsAccountRegion'] === wanted.awsAccountRegion &&
      properties['eventSourceSuffix'] === wanted.eventSourceSuffix
    );
  });
}

export function topicsOf({ config }: Integration): readonly string[] {
  const filter = config.properties['eventFilter'];
  return Array.isArray(filter) ? filter.filter((topic) => typeof topic === 'string') : [];
}
