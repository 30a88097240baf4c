import * as z from 'zod';
import { AwsError } from '../aws-service.ts';
import { isObject, type Json, JsonSchema } from './pattern-json.ts';

const RetryPolicy = z.object({
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).default(185),
  MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).default(86_400),
});

/** A target of a rule. What would change the delivery and is not here is refused: the object is strict. */
export const Target = z.strictObject({
  Id: z.string().min(1),
  Arn: z.string().startsWith('arn:'),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z
    .string()
    .regex(/^\$(\.[\w-]+)*$/)
    .optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().min(1) }).optional(),
  DeadLetterConfig: z.object({ Arn: z.string().startsWith('arn:') }).optional(),
  RetryPolicy: RetryPolicy.prefault({}),
});
export type Target = z.output<typeof Target>;

/** The properties of AWS::Events::Rule: a pattern or a schedule, and where matching events go. */
export const RuleProperties = z
  .object({
    Name: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
    EventBusName: z.string().default('default'),
    EventPattern: JsonSchema.optional(),
    ScheduleExpression: z.string().optional(),
    State: z
      .enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'])
      .default('ENABLED'),
    Targets: z.array(Target).max(5).default([]),
  })
  .refine(
    ({ EventPattern, ScheduleExpression }) =>
      (EventPattern === undefined) !== (ScheduleExpression === undefined),
    { error: 'A rule has an event pattern or a schedule.' },
  );
export type RuleProperties = z.output<typeof RuleProperties>;

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Milliseconds between two runs of `rate(<n> <unit>)`; throws for any other schedule, cron included. */
export function ratePeriodMs(expression: string): number {
  const [, count = '', unit = ''] = /^rate\((\d+) (\w+)\)$/.exec(expression) ?? [];
  const unitMs = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined;
  const amount = Number(count);
  // "A value of 1 takes the singular, any other the plural" (Amazon EventBridge User Guide, Rate expressions)
  if (unitMs === undefined || amount < 1 || (amount === 1) === unit.endsWith('s')) {
    throw new AwsError(
      'ValidationException',
      `The schedule ${expression} is not supported: expected rate(<n> <unit>).`,
    );
  }
  return amount * unitMs;
}

/** What a target is sent: its constant input, a part of the event, or the event as it is. */
export function targetInput(target: Target, event: string): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath === undefined || target.InputPath === '$') return event;
  let part: Json | undefined = JsonSchema.parse(JSON.parse(event));
  for (const name of target.InputPath.split('.').slice(1)) part = isObject(part) ? part[name] : undefined;
  return JSON.stringify(part ?? null);
}
