import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as z from 'zod';

// Calls the handler of a bundled file with the events of a JSON file, and prints how long each call took, milliseconds, as the
// last line. In a process of its own, since one client's garbage is collected in another's time.

const [, , file = '', events = ''] = process.argv;
const { handler } = z
  .object({ handler: z.function({ input: [z.unknown()], output: z.promise(z.unknown()) }) })
  .parse(createRequire(import.meta.url)(file));
const durations: number[] = [];
for (const event of z.array(z.unknown()).parse(JSON.parse(readFileSync(events, 'utf8')))) {
  const began = performance.now();
  await handler(event);
  durations.push(performance.now() - began);
}
process.stdout.write(`\n${JSON.stringify(durations)}`, () => process.exit(0));
