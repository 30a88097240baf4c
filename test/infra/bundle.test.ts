import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { esbuildBundles } from '../../lib/constructs/bundle.ts';

const root = fileURLToPath(new URL('./fixtures', import.meta.url));

/** The folder that CDK would zip and upload for a Lambda bundled anew. */
function asset(name: string): string {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Stack');
  const code = esbuildBundles(root)()(name);
  new LambdaFunction(stack, 'Function', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  const { directory } = app.synth();
  const [folder] = readdirSync(directory).filter((entry) => entry.startsWith('asset.'));
  return join(directory, folder ?? '');
}

describe('a bundle', () => {
  it('is one CommonJS file that needs nothing but Node', () => {
    const folder = asset('say-hello');
    expect(readdirSync(folder)).toEqual(['index.js']);
    const { handler } = z
      .object({ handler: z.function({ input: [z.unknown()], output: z.string() }) })
      .parse(createRequire(import.meta.url)(join(folder, 'index.js')));
    expect(handler({ name: 'Ada' })).toBe('Hello, Ada');
  });

  it('depends on its sources alone: the same bytes, and so the same asset, each time', () => {
    const [first, second] = [asset('say-hello'), asset('say-hello')];
    expect(first.split('/').at(-1)).toBe(second.split('/').at(-1));
  });

  it('is made once per Lambda, however many deployments use it', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const bundle = esbuildBundles(root)();
    for (const id of ['First', 'Second']) {
      const code = bundle('say-hello');
      new LambdaFunction(new Stack(app, id), 'Function', {
        code,
        handler: 'x',
        runtime: Runtime.NODEJS_24_X,
      });
    }
    const assets = readdirSync(app.synth().directory).filter((entry) => entry.startsWith('asset.'));
    expect(assets).toHaveLength(1);
  });

  it('of a Lambda that does not exist is an error', () => {
    expect(() => esbuildBundles(root)()('say-nothing')).toThrow(/say-nothing/);
  });
});
