import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'pinfold-npm-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const patience = { timeout: 60_000 }

/** Runs npm in the checkout as a shell would, and waits until the server that it starts is ready. */
async function startWithNpm(args: readonly string[]) {
  // A group of its own, so that anything a failure leaves can be ended.
  const npm = spawn('npm', args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    try {
      process.kill(-(npm.pid ?? 0), 'SIGKILL')
    } catch {
      // As it should be: nothing is left of it.
    }
  })
  let output = ''
  npm.stdout.on('data', (part) => (output += part))
  const url = await vi.waitUntil(() => /^Pinfold is ready at (\S+) /m.exec(output)?.[1], patience)
  return { npm, url }
}

const answers = (url: string) =>
  fetch(`${url}/_pinfold/health`).then(
    () => true,
    () => false,
  )

/** Returns whether any process of the group is left. */
function isAnyoneLeft(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

describe('npm start', { timeout: 200_000 }, () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('ends with npm on %s', async (signal) => {
    const data = join(folder, signal)
    const { npm, url } = await startWithNpm(['start', '--', '--port', '0', '--seed', 'none', '--data', data])
    expect(await answers(url)).toBe(true)
    npm.kill(signal)
    await once(npm, 'exit')
    await vi.waitUntil(() => !isAnyoneLeft(npm.pid ?? 0), patience)
    expect(await answers(url)).toBe(false)
    // Its data folder is released.
    const next = pinfold(['serve', '--port', '0', '--seed', 'none', '--data', data])
    await next.ready()
    expect(await next.stop()).toMatchObject({ code: 0 })
  })

  test('in development ends with npm too, and so does what watches the files', async () => {
    const { npm } = await startWithNpm(['run', 'dev', '--', '--port', '0', '--ephemeral', '--seed', 'none'])
    npm.kill('SIGKILL')
    await vi.waitUntil(() => !isAnyoneLeft(npm.pid ?? 0), patience)
  })
})

test('npx ends with the server that it runs', { timeout: 200_000 }, async () => {
  const args = ['exec', '--', 'pinfold', 'serve', '--port', '0', '--ephemeral', '--seed', 'none']
  const { npm } = await startWithNpm(args)
  npm.kill('SIGKILL')
  await vi.waitUntil(() => !isAnyoneLeft(npm.pid ?? 0), patience)
})
