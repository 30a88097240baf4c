import { createServer } from 'node:http';
import { createLocalS3 } from '../../lib/local/s3/server.ts';
import { credentials } from './local-s3.ts';

// A local S3 in a process of its own, for tests that kill it: prints its port, and stays until it is ended.
const [, , folder = ''] = process.argv;
const local = createLocalS3({ folder, credentials, region: 'us-east-1', now: Date.now });
local.createBucket({ name: 'killed', versioned: false });
const server = createServer((request, response) => void local.handle(request, response));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
