import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { expect, onTestFinished, test } from 'vitest'
import { TestClock } from '../src/core/clock.ts'
import { hashSecret } from '../src/core/secrets.ts'
import { bearersIn } from '../src/domains/oauth/bearers.ts'

test('a token that another process revokes is good no longer a moment later, though it was just looked up', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-bearers-'))
  const server = await ownServer({ ephemeral: false, dataDir })
  const other = new DatabaseSync(join(dataDir, 'pinfold.db'), { timeout: 5000 })
  onTestFinished(async () => {
    other.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const status = async () => (await server.get('/user_account')).status
  expect(await status()).toBe(200)
  other.exec('delete from tokens')
  // The server's clock stands still: it does not look the token up because it is time.
  await until(async () => (await status()) === 401)
})

test('a token that was looked up is believed for ten seconds, and not when the clock is set back', async () => {
  const clock = new TestClock()
  const row = {
    kind: 'access',
    expires_at: clock.now() + 86_400_000,
    ...{ app_id: 1, account_id: 2, scopes: 'pins:read' },
    tier: 'standard',
    features: null,
    limits: null,
  } as const
  let isRevoked = false
  const bearers = bearersIn({
    db: {},
    store: {
      holder: async () => (isRevoked ? undefined : { ...row, grant_type: 'authorization_code' }),
    },
    accounts: { byId: async () => ({ username: 'alice' }) as never },
    clock,
  })
  const isGood = async () => {
    try {
      return (await bearers.authenticateHash(hashSecret('pina_token'))).username === 'alice'
    } catch {
      return false
    }
  }
  clock.advance(3_600_000)
  expect(await isGood()).toBe(true)
  isRevoked = true
  clock.advance(9_000)
  expect(await isGood()).toBe(true)
  clock.advance(-3_600_000)
  expect(await isGood()).toBe(false)
})
