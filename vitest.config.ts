import { defineConfig } from 'vitest/config'
import { measureSlowness } from './packages/test-support/src/machine.ts'

// On a slow machine, or one with much else to do, everything that a test waits for may take longer.
const slowness = measureSlowness()

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: 'build/bundle.ts',
    pool: 'forks',
    // On two cores: the third works while the others wait for a process, or for the disk.
    maxWorkers: 3,
    testTimeout: 60_000 * slowness,
    hookTimeout: 60_000 * slowness,
    expect: { poll: { timeout: 30_000 * slowness, interval: 20 } },
    provide: { slowness },
  },
})
