import { sourceOf, topicsOf, wantedTopics } from '../event-source.ts';
import type { Check } from './check.ts';

export const eventSourceOff: Check = {
  code: 'EVENT_SOURCE_OFF',
  severity: 'LETS_THROUGH',
  means: 'no wrap-up code reaches the deployment: opt-outs on calls are not recorded',
  mend: 'run setup; a source that is pending is associated by deploying with genesysPartnerEventSource',
  find: ({ found, plan: { eventBridge } }) => {
    if (eventBridge === undefined) return [];
    const source = sourceOf(found, eventBridge);
    if (source === undefined)
      return [`no event source ${eventBridge.eventSourceSuffix} to ${eventBridge.awsAccountId}`];
    return source.intendedState === 'ENABLED' ? [] : [`event source ${source.name} is off`];
  },
};

export const eventTopicMissing: Check = {
  code: 'EVENT_TOPIC_MISSING',
  severity: 'LETS_THROUGH',
  means: 'opt-outs of the calls or messages that this topic tells of are not recorded',
  mend: 'run setup, which adds the topic',
  find: ({ found, plan: { eventBridge } }) => {
    const source = eventBridge === undefined ? undefined : sourceOf(found, eventBridge);
    if (source === undefined) return [];
    const has = topicsOf(source);
    return wantedTopics(found)
      .filter((topic) => !has.includes(topic))
      .map((topic) => `event source ${source.name}: ${topic}`);
  },
};
