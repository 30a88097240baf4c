import { arnService } from './arn.ts';
import { AwsError } from './aws-service.ts';

/** A message from one service to another: from a rule to its target, from a function to its failure destination. */
export type Parcel = {
  /** ARN of the queue, function or topic. */
  readonly to: string;
  readonly body: string;
  readonly messageGroupId?: string | undefined;
  /** String attributes, where the receiver has such. */
  readonly attributes?: Readonly<Record<string, string>>;
};

/** Hands a parcel over; when it returns or resolves, the receiver has accepted it. Throws AwsError otherwise. */
export type Deliver = (parcel: Parcel) => Promise<void> | void;

export type Delivery = {
  readonly deliver: Deliver;
  /** Says who takes parcels for ARNs of a service (sqs, lambda, sns). */
  route(service: string, deliver: Deliver): void;
};

/** Routes parcels by the service in the ARN: the services know of each other through this alone. */
export function createDelivery(): Delivery {
  const routes = new Map<string, Deliver>();
  return {
    route: (service, deliver) => void routes.set(service, deliver),
    deliver(parcel) {
      const route = routes.get(arnService(parcel.to));
      if (route === undefined) throw unknownTarget();
      return route(parcel);
    },
  };
}

/** The target does not exist: trying again would not help. */
export function unknownTarget(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The target does not exist.', { status: 404 });
}
