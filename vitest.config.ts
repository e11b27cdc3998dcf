import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './packages/test-support/src/long-first.ts'
import { measureSlowness } from './packages/test-support/src/machine.ts'

// On a slow machine, or one with much else to do, everything that a test waits for may take longer.
const slowness = measureSlowness()

// What one process of the hundreds that tests start has compiled, the others need not.
const compiled = mkdtempSync(join(tmpdir(), 'pinfold-compiled-'))
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: ['build/draw-demo.ts', 'build/bundle.ts', 'packages/test-support/src/shared-postgres.ts'],
    setupFiles: 'packages/test-support/src/each-file.ts',
    pool: 'forks',
    // On two cores: the third works while the others wait for a process, or for the disk.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // Files share a process, and with it what takes long to load and to start: the server, PostgreSQL, a browser.
    isolate: false,
    unstubEnvs: true,
    env: { NODE_COMPILE_CACHE: compiled },
    // Node runs our TypeScript itself, and the server from its bundle, as `npm start` does.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--conditions=pinfold-bundle'],
    testTimeout: 60_000 * slowness,
    hookTimeout: 60_000 * slowness,
    expect: { poll: { timeout: 30_000 * slowness, interval: 20 } },
    provide: { slowness },
  },
})
