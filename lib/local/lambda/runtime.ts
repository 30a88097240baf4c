// Runs inside the worker thread of one function: loads its code once, then handles events until it is ended.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, InvokeMessage, type WorkerMessage, WorkerSetup } from './worker-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

if (parentPort === null) throw new Error('The runtime of a function runs in a worker thread only.');
const port = parentPort;
const send = (message: WorkerMessage): void => port.postMessage(message);

try {
  const handler = await load(WorkerSetup.parse(workerData));
  port.on('message', (message: unknown) => void handle(handler, InvokeMessage.parse(message)));
  send({ kind: 'ready' });
} catch (error) {
  console.error('Init Error', error);
  send({ kind: 'init-failed', failure: failureOf(error) });
}

async function load({ file, exportName }: WorkerSetup): Promise<Handler> {
  // A bundle is CommonJS where no package.json lies beside it, as in AWS Lambda; one further up the tree is ours.
  const alone = !existsSync(join(dirname(file), 'package.json'));
  const loaded: unknown =
    alone && file.endsWith('.js') ? loadCommonJs(file) : await import(pathToFileURL(file).href);
  const handler = exported(loaded, exportName) ?? exported(exported(loaded, 'default'), exportName);
  if (typeof handler === 'function') return (event, context) => handler(event, context);
  const error = new Error(`${exportName} is undefined or not exported`);
  error.name = 'Runtime.HandlerNotFound';
  throw error;
}

// Node.js would go by the nearest package.json; this is its own CommonJS wrapper without that question.
function loadCommonJs(file: string): unknown {
  const module = { exports: {} };
  const run = compileFunction(
    readFileSync(file, 'utf8'),
    ['exports', 'require', 'module', '__filename', '__dirname'],
    { filename: file, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  );
  run(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function exported(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function handle(handler: Handler, message: InvokeMessage): Promise<void> {
  const { requestId } = message;
  try {
    const result = await handler(JSON.parse(message.event), contextOf(message));
    send({ kind: 'result', requestId, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    console.error('Invoke Error', error);
    send({ kind: 'failed', requestId, failure: failureOf(error) });
  }
}

function contextOf(message: InvokeMessage): object {
  return {
    awsRequestId: message.requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: message.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: message.functionArn,
    logGroupName: `/aws/lambda/${message.functionName}`,
    logStreamName: 'local',
    memoryLimitInMB: message.memoryLimitInMB,
    getRemainingTimeInMillis: () => message.deadline - Date.now(),
  };
}
