import type * as z from 'zod';
import { arnOf } from '../arn.ts';
import type { AwsAccount, AwsService } from '../aws-service.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Deliver } from '../delivery.ts';
import { type Dropped, openDeliveries } from './deliveries.ts';
import { type EventEntry, envelope } from './event.ts';
import { createEventsService } from './events-service.ts';
import { compilePattern, type EventPattern } from './pattern.ts';
import { JsonSchema } from './pattern-json.ts';
import { RuleProperties, ratePeriodMs } from './rule.ts';

export type EventBridge = {
  /** What the gateway routes `events` to. */
  readonly service: AwsService;
  /** Declares a bus and returns its ARN; the bus `default` is there from the start. */
  createBus(name: string): string;
  /** Declares a rule and returns its ARN; a pattern, schedule or target that is not understood throws. */
  putRule(properties: z.input<typeof RuleProperties>): string;
  /** Puts an event of a service, such as S3, on a bus; returns its id. */
  publish(busName: string, entry: EventEntry): string;
  /** Delivers what an earlier run accepted and could not deliver. Call once all targets are there. */
  resume(): void;
  close(): Promise<void>;
};

export type EventBridgeOptions = {
  readonly account: AwsAccount;
  readonly folder: string;
  readonly deliver: Deliver;
  readonly clock?: Clock;
  /** Told where an event was lost for want of a dead-letter queue. */
  readonly onDropped?: (dropped: Dropped) => void;
};

type Rule = { readonly arn: string; readonly properties: RuleProperties; readonly matches: EventPattern };

/** Amazon EventBridge on one machine: buses, rules with patterns or rates, targets with retries and dead-letter queues. */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const bridge = new LocalEventBridge(options);
  const service = createEventsService({
    clock: options.clock ?? systemClock,
    hasBus: (name) => bridge.hasBus(name),
    publish: (busName, entry) => bridge.publish(busName, entry),
  });
  return {
    service,
    createBus: (name) => bridge.createBus(name),
    putRule: (properties) => bridge.putRule(properties),
    publish: (busName, entry) => bridge.publish(busName, entry),
    resume: () => bridge.resume(),
    close: () => bridge.close(),
  };
}

class LocalEventBridge {
  readonly #options: EventBridgeOptions;
  readonly #clock: Clock;
  readonly #deliveries: ReturnType<typeof openDeliveries>;
  readonly #buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  readonly #schedules = new Map<string, () => void>();

  constructor(options: EventBridgeOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { folder, deliver, onDropped } = options;
    this.#deliveries = openDeliveries({ folder, deliver, onDropped, clock: this.#clock });
  }

  hasBus(name: string): boolean {
    return this.#buses.has(name);
  }

  createBus(name: string): string {
    if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(name)) throw new Error(`${name} is no name for an event bus.`);
    if (!this.#buses.has(name)) this.#buses.set(name, new Map());
    return arnOf(this.#options.account, 'events', `event-bus/${name}`);
  }

  putRule(input: z.input<typeof RuleProperties>): string {
    const properties = RuleProperties.parse(input);
    const { EventBusName, Name, EventPattern, ScheduleExpression } = properties;
    // CloudFormation takes the name or the ARN of the bus.
    const busName = EventBusName.split(':event-bus/').at(-1) ?? EventBusName;
    const rules = this.#rules(busName);
    const resource = busName === 'default' ? `rule/${Name}` : `rule/${busName}/${Name}`;
    const arn = arnOf(this.#options.account, 'events', resource);
    const matches = EventPattern === undefined ? () => false : compilePattern(EventPattern);
    const rule = { arn, properties, matches };
    const periodMs = ScheduleExpression === undefined ? undefined : ratePeriodMs(ScheduleExpression);
    if (periodMs !== undefined && busName !== 'default')
      throw new Error('Schedules are for the default bus only.');
    this.#schedules.get(arn)?.();
    this.#schedules.delete(arn);
    if (periodMs !== undefined && properties.State !== 'DISABLED') this.#schedule(rule, periodMs);
    rules.set(Name, rule);
    return arn;
  }

  publish(busName: string, entry: EventEntry): string {
    const event = envelope(this.#options.account, entry);
    const parsed = JsonSchema.parse(JSON.parse(event.json));
    for (const rule of this.#rules(busName).values()) {
      if (rule.properties.State !== 'DISABLED' && rule.matches(parsed)) this.#send(rule, event.json);
    }
    return event.id;
  }

  resume(): void {
    this.#deliveries.resume();
  }

  async close(): Promise<void> {
    for (const cancel of this.#schedules.values()) cancel();
    this.#schedules.clear();
    await this.#deliveries.close();
  }

  #rules(busName: string): Map<string, Rule> {
    const rules = this.#buses.get(busName);
    if (rules === undefined) throw new Error(`The event bus ${busName} does not exist.`);
    return rules;
  }

  #send(rule: Rule, event: string): void {
    for (const target of rule.properties.Targets) this.#deliveries.add({ ruleArn: rule.arn, target, event });
  }

  #schedule(rule: Rule, periodMs: number): void {
    const cancel = this.#clock.after(periodMs, () => {
      this.#schedule(rule, periodMs);
      const event = envelope(this.#options.account, {
        source: 'aws.events',
        detailType: 'Scheduled Event',
        detail: '{}',
        resources: [rule.arn],
        time: this.#clock.now(),
      });
      this.#send(rule, event.json);
    });
    this.#schedules.set(rule.arn, cancel);
  }
}
