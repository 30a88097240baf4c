// Run as a process of its own: it hosts the queues until it is killed.
import { createLocalAws } from '../../lib/local/local-aws.ts';

const [folder = '', region = '', accountId = '', accessKeyId = '', secretAccessKey = ''] =
  process.argv.slice(2);
const aws = await createLocalAws({
  folder,
  account: { region, accountId },
  credentials: { accessKeyId, secretAccessKey },
});
aws.sqs.createQueue({ QueueName: 'survivor' });
process.stdout.write(`${aws.endpoint}\n`);
