import { randomInt } from 'node:crypto'
import { allScopes } from '@pinfold/contract'
import type { SandboxCredentials } from '../../control/sandboxes.ts'
import { sandboxMark } from '../../core/sandbox-mark.ts'
import { newSecret } from '../../core/secrets.ts'
import type { People } from '../domains.ts'
import type { ChosenSeed } from '../seed/choose.ts'
import { type SeedAccount, seedToken } from '../seed/seed.ts'

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
const usual = (password: string | null): SeedAccount => ({
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

/** Returns the credentials of a sandbox that a seed fills: they are of its first account. */
export function credentialsOf({ plan }: ChosenSeed, keys: Keys): SandboxCredentials {
  const [{ username, password } = usual(null)] = plan.accounts
  return { ...keys, username, password: password ?? undefined }
}

/**
 * Adds the sandbox's own app and token to data that lack them, such as those of a seed or of a snapshot from elsewhere,
 * for their first account.
 */
export async function giveKeys(keys: Keys, people: People): Promise<void> {
  const { accounts, apps } = people
  const { appId, appSecret: secret, accessToken, refreshToken } = keys
  if (await apps.find(appId)) return
  const [first] = await accounts.page(0, 1)
  const { id, username } = first ?? (await accounts.create(usual(null)))
  await apps.create({
    ...{ id: Number(appId), secret, name: 'Sandbox', ownerId: id },
    ...{ tier: 'standard', redirectUris: [], loopbackRedirects: true },
  })
  await seedToken({ app: appId, account: username, scopes: allScopes, accessToken, refreshToken }, id, people)
}
