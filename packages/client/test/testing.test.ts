import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onThisMachine } from '@pinfold/test-support/pace'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { AuthenticationError, PinterestClient, RateLimitError } from '../src/index.ts'
import { openSandbox, type Pinfold, startPinfold } from '../src/testing.ts'

const run = promisify(execFile)

describe('a server for a test', () => {
  let pinfold: Pinfold
  beforeAll(async () => {
    pinfold = await startPinfold()
    return () => pinfold.close()
  })

  test('has a demo account that can do everything, and no boards', async () => {
    const client = pinfold.client()
    expect((await client.userAccount.get()).username).toBe('demo')
    expect(await client.boards.list().toArray()).toEqual([])
  })

  test('has sandboxes, each with everything of its own', async () => {
    const names = ['Cups', 'Bowls', 'Plates']
    await Promise.all(
      names.map(async (name, i) => {
        await using sandbox = await openSandbox({ server: pinfold.url, idleSeconds: 600 })
        const client = sandbox.client()
        await client.boards.create({ name })
        await client.control.advanceClock({ by: `${i}d` })
        expect((await client.boards.list().toArray()).map((board) => board.name)).toEqual([name])
        // Zero, also where a moment less than nothing is rounded.
        expect(Math.round((await client.control.getClock()).ahead_ms / 86_400_000) + 0).toBe(i)
        const { PINTEREST_API_URI: baseUrl = '', PINTEREST_ACCESS_TOKEN: accessToken = '' } = sandbox.env
        expect((await new PinterestClient({ baseUrl, accessToken }).userAccount.get()).username).toBe('sandbox')
      }),
    )
    expect(await pinfold.client().boards.list().toArray()).toEqual([])
    expect((await pinfold.client().control.listSandboxes()).items).toEqual([])
    const seed = { accounts: [{ username: 'carol', boards: [{ name: 'Vases' }] }] }
    const seeded = await openSandbox({ server: pinfold.url, seed })
    expect((await seeded.client().boards.list().toArray()).map((board) => board.name)).toEqual(['Vases'])
    await Promise.all([seeded.close(), seeded.close()])
  })

  test('is told to programs by their environment', async () => {
    const { PINTEREST_API_URI: baseUrl = '', PINTEREST_ACCESS_TOKEN: accessToken = '' } = pinfold.env
    expect(baseUrl).toBe(pinfold.url)
    expect((await new PinterestClient({ baseUrl, accessToken }).userAccount.get()).username).toBe('demo')
    expect(Object.keys(pinfold.env).toSorted()).toEqual([
      'PINFOLD_PASSWORD',
      'PINFOLD_USERNAME',
      'PINTEREST_ACCESS_TOKEN',
      'PINTEREST_API_URI',
      'PINTEREST_APP_ID',
      'PINTEREST_APP_SECRET',
      'PINTEREST_OAUTH_URI',
      'PINTEREST_REFRESH_ACCESS_TOKEN',
    ])
  })

  test('is as it was after a reset, at the same address, and quickly', async () => {
    const client = pinfold.client()
    await client.boards.create({ name: 'Gone soon' })
    await client.oauth.revoke(pinfold.env.PINTEREST_ACCESS_TOKEN ?? '')
    const revoked = new PinterestClient({ accessToken: pinfold.env.PINTEREST_ACCESS_TOKEN ?? '', baseUrl: pinfold.url })
    await expect(revoked.boards.list()).rejects.toThrow(AuthenticationError)
    const times: number[] = []
    for (let i = 0; i < 3; i++) {
      const begun = performance.now()
      await pinfold.reset()
      times.push(performance.now() - begun)
    }
    expect(await pinfold.client().boards.list().toArray()).toEqual([])
    expect(Math.min(...times)).toBeLessThan(onThisMachine(300))
  })

  test('does not care what a test does to its timers', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    await pinfold.reset()
    expect((await fetch(`${pinfold.url}/_pinfold/health`)).status).toBe(200)
  })

  test('has the clock of the system, which cannot be moved', () => {
    const before = Date.now()
    const now = pinfold.clock.now()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    expect(() => pinfold.clock.advance(1)).toThrow("Start it with { clock: 'manual' }")
  })
})

test('it starts within a second, and is gone when it is closed', async () => {
  // A folder for temporary files that nothing else uses meanwhile.
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-start-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const ours = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('pinfold-testing-')).toSorted()
  const times: number[] = []
  // The first start fills the compile cache that later ones use.
  for (let i = 0; i < 5 && !times.some((ms) => ms < onThisMachine(1000)); i++) {
    const before = await ours()
    const [begun, used] = [performance.now(), process.cpuUsage()]
    const pinfold = await startPinfold()
    const { user, system } = process.cpuUsage(used)
    // The CPU time, if that is less: the machine may do other work too.
    times.push(Math.min(performance.now() - begun, (user + system) / 1000))
    await pinfold.close()
    await pinfold.close()
    expect(await ours()).toEqual(before)
    await expect(fetch(pinfold.url)).rejects.toThrow()
  }
  expect(Math.min(...times)).toBeLessThan(onThisMachine(1000))
})

test('two run side by side and know nothing of each other', async () => {
  await using one = await startPinfold()
  await using other = await startPinfold()
  await one.client().boards.create({ name: 'Only here' })
  await other.reset()
  expect(await one.client().boards.list().toArray()).toHaveLength(1)
  expect(await other.client().boards.list().toArray()).toEqual([])
})

test('a clock of its own moves when it is told to', async () => {
  await using pinfold = await startPinfold({ clock: 'manual', rateLimits: 'pinterest' })
  const client = pinfold.client({ maxRetries: 0 })
  const begun = pinfold.clock.now()
  const limited = async () => {
    for (let i = 0; i < 2000; i++) await fetch(`${pinfold.url}/v5/boards`, { headers }).then((answer) => answer.text())
  }
  const headers = { authorization: `Bearer ${pinfold.env.PINTEREST_ACCESS_TOKEN}` }
  await limited()
  await expect(client.boards.list()).rejects.toThrow(RateLimitError)
  pinfold.clock.advance(60_000)
  expect(pinfold.clock.now()).toBe(begun + 60_000)
  expect((await pinfold.client().boards.create({ name: 'Later' })).created_at).toBe(
    new Date(begun + 60_000).toISOString().slice(0, 19),
  )
  await pinfold.reset()
  expect(pinfold.clock.now()).toBe(begun)
})

describe('a seed file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pinfold-seed-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  test('names others to act for', async () => {
    const seed = join(folder, 'seed.json')
    const account = (username: string) => ({ username, boards: [{ name: `${username}'s board` }] })
    const token = (name: string) => ({ app: '77', account: name, access_token: `pina_${name}_000000000000000000000` })
    const app = { id: '77', secret: 'a-secret-of-the-app', name: 'App', owner: 'anna' }
    const text = { accounts: [account('anna'), account('boris')], apps: [app], tokens: [token('anna'), token('boris')] }
    await writeFile(seed, JSON.stringify(text))
    await using pinfold = await startPinfold({ seed })
    expect(pinfold.env).toMatchObject({ PINTEREST_APP_ID: '77', PINFOLD_USERNAME: 'anna' })
    expect((await pinfold.client().userAccount.get()).username).toBe('anna')
    const boris = pinfold.client({ username: 'boris' })
    expect((await boris.boards.list().toArray()).map(({ name }) => name)).toEqual(["boris's board"])
    expect(() => pinfold.client({ username: 'carl' })).toThrow("no token for 'carl', but for 'anna', 'boris'.")
  })

  test('that cannot be used is said to be so', async () => {
    const seed = join(folder, 'nowhere.json')
    await expect(startPinfold({ seed })).rejects.toThrow(`Cannot read the seed file ${seed}`)
  })
})

test("the page's example for Vitest runs", async () => {
  const root = join(import.meta.dirname, '../../..')
  const page = await readFile(join(root, 'docs/testing.md'), 'utf8')
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-example-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'example.test.ts'), example)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  await run(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', '--outputFile=report.json'])
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))
  expect(report).toMatchObject({ numPassedTests: 1, success: true })
})

test('it serves node:test too', async () => {
  const file = join(import.meta.dirname, 'node-test/boards.ts')
  expect(existsSync(file)).toBe(true)
  const env = { ...process.env }
  delete env.NODE_TEST_CONTEXT
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', file], { env })
  expect(stdout).toMatch(/^# pass 3$/m)
})
