import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Review, type ReviewDecision, type Reviews } from '../../domain/opt-out/review.ts';
import { attributes, type Item } from './item.ts';

const WAITING = 'review';
const CLOSED = 'review-closed';

/**
 * Reviews in the table of cases: those that wait in one partition, so that the queue is one query, those that are
 * closed in another, without the message.
 */
export class DynamoReviews implements Reviews {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async open(review: Review): Promise<void> {
    await this.#put({ pk: WAITING, sk: review.id, status: 'OPEN', ...review });
  }

  async decide(id: string, decision: ReviewDecision): Promise<Review | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: attributes({ pk: WAITING, sk: id }),
          UpdateExpression: 'SET decision = :decision',
          ConditionExpression: 'attribute_exists(sk) AND attribute_not_exists(decision)',
          ExpressionAttributeValues: attributes({ ':decision': decision }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return reviewOf(Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return (await this.#read(WAITING, id)) ?? (await this.#read(CLOSED, id));
    }
  }

  async close({ text: _read, ...review }: Review): Promise<void> {
    await this.#put({ pk: CLOSED, sk: review.id, status: 'RESOLVED', ...review });
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#table, Key: attributes({ pk: WAITING, sk: review.id }) }),
    );
  }

  async waiting(): Promise<readonly Review[]> {
    const reviews: Review[] = [];
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: attributes({ ':pk': WAITING }),
      },
    );
    for await (const { Items = [] } of pages)
      reviews.push(...Items.map((item) => Review.parse(unmarshall(item))));
    return reviews.toSorted((a, b) => a.dueAt - b.dueAt);
  }

  async #put(item: Record<string, unknown>): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: attributes(item),
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #read(pk: string, id: string): Promise<Review | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: attributes({ pk, sk: id }), ConsistentRead: true }),
    );
    return reviewOf(Item);
  }
}

function reviewOf(item: Item | undefined): Review | undefined {
  return item === undefined ? undefined : Review.parse(unmarshall(item));
}
