import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/system/shared-assembly.ts',
    // Vitest leaves one core to itself, which on two cores is one too many.
    maxWorkers: 2,
    // No test is timed: this only ends one that hangs. Where every core is busy a test takes many times what it takes alone.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Commands and stacks start as processes of their own, over and over: what one has compiled the next one need not.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
  },
});
