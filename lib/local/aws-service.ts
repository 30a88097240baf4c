import type { IncomingHttpHeaders } from 'node:http';

/** How a service writes its answers: AWS JSON 1.0/1.1, the XML of the query protocol, or REST with JSON bodies. */
export type AwsProtocol = 'json' | 'query' | 'rest-json';

/** A request whose signature and body hash have been verified. */
export type AwsRequest = {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
};

export type AwsResponse = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** One service behind the gateway. It throws AwsError for what the client did wrong. */
export type AwsService = {
  readonly protocol: AwsProtocol;
  handle(request: AwsRequest): Promise<AwsResponse>;
};

/** The account that the local resources are said to live in. */
export type AwsAccount = { readonly region: string; readonly accountId: string };

type AwsErrorOptions = {
  /** HTTP status; 400 unless told. */
  readonly status?: number;
  /** The code of the older query protocol, where a JSON service still announces it (Amazon SQS). */
  readonly queryCode?: string;
  /** Further members of the error document. */
  readonly details?: Readonly<Record<string, string>>;
};

/** An error as the AWS service would report it: the SDK turns `code` into the exception's name. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly queryCode: string | undefined;
  readonly details: Readonly<Record<string, string>>;
  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
    this.details = options.details ?? {};
  }
}
