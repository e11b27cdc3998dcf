import { randomInt } from 'node:crypto'
import { allScopes } from '@pinfold/contract'
import type { SandboxCredentials } from '../../control/sandboxes.ts'
import { sandboxMark } from '../../core/sandbox-mark.ts'
import { newSecret } from '../../core/secrets.ts'
import type { ChosenSeed } from '../seed/choose.ts'
import type { SeedAccount } from '../seed/seed.ts'

/** What a sandbox's credentials are made of, but for the account. */
export type Keys = Omit<SandboxCredentials, 'username' | 'password'>

/** Ids of 16 digits, larger than those that a server makes before the year 2088. */
const [leastAppId, mostAppId] = [8e15, 9e15]

/** Makes the keys of a sandbox. */
export function newKeys(id: string): Keys {
  const mark = sandboxMark(id)
  const high = randomInt((mostAppId - leastAppId) / 1e9)
  return {
    appId: String(leastAppId + high * 1e9 + randomInt(1e9)),
    appSecret: newSecret(),
    accessToken: newSecret(`pina_${mark}`),
    refreshToken: newSecret(`pinr_${mark}`),
  }
}

/** The account of a sandbox that no seed has filled. */
const usual = (password: string): SeedAccount => ({
  username: 'sandbox',
  password,
  accountType: 'BUSINESS',
  businessName: 'Sandbox',
  about: '',
  websiteUrl: '',
  boards: [],
})

/** The seed of a sandbox without one. */
export const emptySandbox = (): ChosenSeed => ({
  name: 'sandbox',
  plan: { accounts: [usual(newSecret())], apps: [], tokens: [] },
})

/** Adds the sandbox's own app and token to a seed, for its first account, and returns it with the credentials. */
export function withKeys(
  { name, plan }: ChosenSeed,
  keys: Keys,
): { seed: ChosenSeed; credentials: SandboxCredentials } {
  const accounts = plan.accounts.length > 0 ? plan.accounts : emptySandbox().plan.accounts
  const { username = '', password } = accounts[0] ?? {}
  const { appId, appSecret, accessToken, refreshToken } = keys
  const app = {
    ...{ id: appId, secret: appSecret, name: 'Sandbox', owner: username },
    ...{ tier: 'standard' as const, redirectUris: [], loopbackRedirects: true },
  }
  const token = { app: appId, account: username, scopes: allScopes, accessToken, refreshToken }
  return {
    seed: { name, plan: { accounts, apps: [...plan.apps, app], tokens: [...plan.tokens, token] } },
    credentials: { ...keys, username, password: password ?? undefined },
  }
}
