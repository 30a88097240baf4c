import { AwsError, type AwsProtocol, type AwsResponse } from './aws-service.ts';
import type { SigV4Refusal } from './sigv4.ts';
import { xml } from './xml.ts';

/** Renders an error as the protocol demands, so that every SDK raises the exception AWS would have raised. */
export function errorResponse(protocol: AwsProtocol, error: AwsError, requestId: string): AwsResponse {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  if (protocol === 'query') {
    const body = xml('ErrorResponse', {
      Error: { Type: fault, Code: error.code, Message: error.message },
      RequestId: requestId,
    });
    return { status: error.status, headers: { 'content-type': 'text/xml' }, body };
  }
  const document = { __type: error.code, message: error.message, ...error.details };
  return {
    status: error.status,
    headers: {
      'content-type': protocol === 'json' ? 'application/x-amz-json-1.0' : 'application/json',
      'x-amzn-errortype': error.code,
      ...(error.queryCode === undefined ? {} : { 'x-amzn-query-error': `${error.queryCode};${fault}` }),
    },
    body: JSON.stringify(document),
  };
}

// The same refusal has one name in the JSON protocols and another in the query protocol
// (AWS API references, "Common Errors").
const JSON_CODES: Record<SigV4Refusal, string> = {
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  InvalidAccessKeyId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  RequestTimeTooSkewed: 'InvalidSignatureException',
  RequestExpired: 'InvalidSignatureException',
  IncompleteSignature: 'IncompleteSignatureException',
  AccessDenied: 'AccessDeniedException',
};
const QUERY_CODES: Record<SigV4Refusal, string> = {
  MissingAuthenticationToken: 'MissingAuthenticationToken',
  InvalidAccessKeyId: 'InvalidClientTokenId',
  SignatureDoesNotMatch: 'SignatureDoesNotMatch',
  RequestTimeTooSkewed: 'SignatureDoesNotMatch',
  RequestExpired: 'RequestExpired',
  IncompleteSignature: 'IncompleteSignature',
  AccessDenied: 'AccessDenied',
};

/** A refused signature as an error of the protocol; always 403. */
export function refusal(protocol: AwsProtocol, code: SigV4Refusal, message: string): AwsError {
  const codes = protocol === 'query' ? QUERY_CODES : JSON_CODES;
  return new AwsError(codes[code], message, { status: 403 });
}

/** What the client gets for a fault of ours; the cause goes to the operator's log, never to the wire. */
export function internalError(protocol: AwsProtocol): AwsError {
  const code = protocol === 'query' ? 'InternalFailure' : 'InternalServerError';
  return new AwsError(code, 'The local AWS failed to handle the request; its log says why.', { status: 500 });
}
