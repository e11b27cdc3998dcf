import { pinfold } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { expect, test } from 'vitest'

/** Runs a command against the server at `url`, and returns what it printed. */
async function ran(args: readonly string[], url: string, env: Record<string, string> = {}) {
  const command = pinfold(args, { env: { PINTEREST_API_URI: url, ...env } })
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

test("somebody moves the server's clock, and has it follow the machine's again", async () => {
  const { url, clock } = await ownServer()
  const advanced = await ran(['clock', 'advance', '31d', '--json'], url)
  expect([advanced.code, JSON.parse(advanced.stdout)]).toEqual([
    0,
    { now: new Date(clock.now() + 31 * 86_400_000).toISOString(), runs: true, ahead_ms: 31 * 86_400_000 },
  ])
  const set = await ran(['clock', 'set', '2027-01-01T00:00:00Z'], url)
  expect(set.stdout).toMatch(/2027-01-01T00:00:00.000Z[\s\S]*stands still/)
  expect((await ran(['clock', 'show', '--json'], url)).stdout).toContain('2027-01-01T00:00:00.000Z')
  expect(JSON.parse((await ran(['clock', 'resume', '--json'], url)).stdout)).toMatchObject({ runs: true, ahead_ms: 0 })

  const wrong = await ran(['clock', 'advance', 'soon'], url)
  expect([wrong.code, wrong.stderr]).not.toEqual([0, ''])
  const atPinterest = await ran(['clock', 'show', '--api', 'https://api.pinterest.com'], url)
  expect([atPinterest.code, atPinterest.stderr]).toEqual([2, expect.stringContaining('cannot be controlled')])
})

test('somebody has requests fail on purpose, and stops that', async () => {
  const server = await ownServer()
  const { url } = server
  const added = await ran(
    ['fault', 'add', 'boards/list', '--error', 'rateLimited', '--retry-after', '3', '--times', '1', '--json'],
    url,
  )
  expect([added.code, JSON.parse(added.stdout)]).toEqual([
    0,
    expect.objectContaining({ operation: 'boards/list', effect: 'error', error: 'rateLimited', retry_after: 3 }),
  ])
  await ran(['fault', 'add', '--effect', 'lost_response', '--account', 'bob'], url)
  expect((await server.get('/boards')).status).toBe(429)
  expect((await server.get('/boards')).status).toBe(200)
  const listed = (await ran(['fault', 'list', '--json'], url)).stdout.trimEnd().split('\n')
  expect(listed.map((line) => JSON.parse(line).happened)).toEqual([1, 0])
  expect((await ran(['fault', 'list'], url)).stdout).toContain('lost_response')
  expect(await ran(['fault', 'clear'], url)).toMatchObject({ code: 0, stdout: 'There are no faults.\n' })
  expect((await ran(['fault', 'list', '--json'], url)).stdout).toBe('')

  const unknown = await ran(['fault', 'add', 'pins/paint', '--error', 'rateLimited'], url)
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no operation pins/paint')])
})

test('from elsewhere, the control token is needed', async () => {
  const token = 'control-token-of-the-tests'
  const { url } = await ownServer({ controlToken: token })
  const without = await ran(['clock', 'show'], url)
  expect([without.code, without.stderr]).toEqual([3, expect.stringContaining('PINFOLD_CONTROL_TOKEN')])
  expect((await ran(['clock', 'show'], url, { PINFOLD_CONTROL_TOKEN: token })).code).toBe(0)
})
