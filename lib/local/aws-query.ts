import { randomUUID } from 'node:crypto';
import { AwsError, type AwsService } from './aws-service.ts';
import { type XmlValue, xml } from './xml.ts';

export type QueryAction = (parameters: URLSearchParams) => { readonly [name: string]: XmlValue };

type QueryServiceOptions = {
  readonly namespace: string;
  readonly actions: Readonly<Record<string, QueryAction>>;
};

/** A service of the AWS query protocol: form fields in, XML out. An action that is not listed is refused. */
export function createQueryService(options: QueryServiceOptions): AwsService {
  return {
    protocol: 'query',
    async handle(request) {
      const parameters = new URLSearchParams(request.body.toString('utf8'));
      const name = parameters.get('Action') ?? '';
      const run = Object.hasOwn(options.actions, name) ? options.actions[name] : undefined;
      if (run === undefined) {
        throw new AwsError('InvalidAction', `The local AWS does not have the action ${name || '(none)'}.`);
      }
      const answer = {
        [`${name}Result`]: run(parameters),
        ResponseMetadata: { RequestId: randomUUID() },
      };
      const body = xml(`${name}Response`, answer, options.namespace);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body };
    },
  };
}
