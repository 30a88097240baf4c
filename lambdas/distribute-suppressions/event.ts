import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { markOf } from '../../lib/adapters/dynamodb/unpushed-changes.ts';

const Attribute = z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null);

/**
 * Images of contact points from the table's stream, as far as they are marked; an image without a mark is of a write that
 * diallers need not hear of. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export const StreamBatch = z.object({
  Records: z.array(
    z
      .object({ dynamodb: z.object({ NewImage: z.record(z.string(), Attribute).default({}) }) })
      .transform(({ dynamodb: { NewImage } }) => markOf(NewImage)),
  ),
});
