import { AwsError } from '../aws-service.ts';

// Codes as the Amazon SQS API reference lists them: the JSON name, and the older query code that SDKs still see.

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message, { queryCode: 'InvalidParameterValue' });
}

export function missingParameter(message: string): AwsError {
  return new AwsError('MissingParameter', message, { queryCode: 'MissingParameter' });
}

export function receiptHandleIsInvalid(): AwsError {
  return new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', {
    queryCode: 'ReceiptHandleIsInvalid',
  });
}

export function messageNotInflight(): AwsError {
  return new AwsError('MessageNotInflight', 'The message is not in flight.', {
    queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
  });
}

export function invalidContents(): AwsError {
  return new AwsError('InvalidMessageContents', 'The message holds characters outside the allowed set.', {
    queryCode: 'InvalidMessageContents',
  });
}

export function batchError(
  code:
    | 'EmptyBatchRequest'
    | 'TooManyEntriesInBatchRequest'
    | 'BatchEntryIdsNotDistinct'
    | 'BatchRequestTooLong'
    | 'InvalidBatchEntryId',
  message: string,
): AwsError {
  return new AwsError(code, message, { queryCode: `AWS.SimpleQueueService.${code}` });
}
