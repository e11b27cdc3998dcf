import { createHmac, timingSafeEqual } from 'node:crypto'
import { mostOwnApps } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { Database } from '../../db/database.ts'
import { redirectUriProblem } from './redirect-uri.ts'
import { ownAppStore } from './store/own-apps.ts'
import { appStore } from './store.ts'

/** What a program says of itself when it registers. */
export interface ClientMetadata {
  /** What the consent page calls it. */
  name: string
  redirectUris: readonly string[]
}

/** A program that registered itself. It has no secret, so it must use PKCE. */
export interface RegisteredClient extends ClientMetadata {
  /** Its `client_id`. */
  clientId: string
  /** Returns the id of the app that it is for an account: another one for each, so that none depends on another. */
  appIdFor(accountId: number): number
}

/**
 * Programs that register themselves (RFC 7591). A client id is what they said, signed: nothing is stored for a stranger,
 * however often somebody registers. An app is written when an account approves.
 */
export interface RegisteredClients {
  /** Registers a program. Throws a 400 for what cannot be used, or is too much. */
  register(metadata: ClientMetadata): RegisteredClient
  /** Returns the program of a client id; undefined if it was not given here. */
  find(clientId: string): RegisteredClient | undefined
  /** Writes the app that a program is for an account. Throws a 400 when the account has too many apps. */
  keep(client: RegisteredClient, accountId: number): Promise<void>
}

export interface RegisteredClientsOptions {
  db: Database
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
}

/** A name has at most this many characters, and a program at most so many addresses, of so many characters each. */
const most = { name: 100, uris: 10, uri: 500 }
/** What is signed has at most this many bytes: it travels in addresses. */
const mostBytes = 1000
const prefix = 'reg_'

/** Makes the registered clients of an installation. */
export function registeredClientsOf({ db, clock, key }: RegisteredClientsOptions): RegisteredClients {
  const store = ownAppStore(db)
  const apps = appStore(db)
  const sign = (purpose: string, text: string) => createHmac('sha256', key).update(`${purpose}\n${text}`).digest()

  const clientOf = (clientId: string, { name, redirectUris }: ClientMetadata): RegisteredClient => ({
    ...{ clientId, name, redirectUris },
    // 52 bits, the highest one set: a safe integer, and larger than any id that is counted up.
    appIdFor: (accountId) => {
      const bits = sign('app of registered client', `${accountId} ${clientId}`).readBigUInt64BE() >> 12n
      return Number(bits | (1n << 51n))
    },
  })

  return {
    register(metadata) {
      const { name, redirectUris } = checked(metadata)
      const content = Buffer.from(JSON.stringify([name, redirectUris]))
      if (content.length > mostBytes)
        throw invalid(`The name and the redirect URIs together are too long: ${mostBytes} bytes are the most.`)
      const payload = content.toString('base64url')
      const clientId = `${prefix}${payload}.${sign('registered client', payload).subarray(0, 16).toString('base64url')}`
      return clientOf(clientId, { name, redirectUris })
    },
    find(clientId) {
      const [, payload = '', signature = ''] = /^reg_([\w-]{1,1400})\.([\w-]{22})$/.exec(clientId) ?? []
      const given = Buffer.from(signature, 'base64url')
      const right = sign('registered client', payload).subarray(0, 16)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      const [name, redirectUris]: [string, string[]] = JSON.parse(Buffer.from(payload, 'base64url').toString())
      return clientOf(clientId, { name, redirectUris })
    },
    async keep(client, accountId) {
      const id = client.appIdFor(accountId)
      if (await apps.app(id)) return
      await db.write(async (tx) => {
        const count = await store.lockAll(tx, accountId)
        if (await store.lock(tx, { ownerId: accountId, id })) return
        if (count >= mostOwnApps)
          throw invalid(`You have ${mostOwnApps} apps already. Delete one that is not needed any more.`)
        await store.insertMissing(tx, {
          ...{ id, name: client.name, owner_id: accountId, created_at: clock.now(), tier: 'standard' },
          // Nobody knows the secret: the program has none.
          secret_hash: hashSecret(newSecret()),
          redirect_uris: JSON.stringify(client.redirectUris),
          ...{ loopback_redirects: 0, features: null, limits: null },
        })
      })
    },
  }
}

/** Returns what may be registered. Throws a 400. */
function checked({ name, redirectUris }: ClientMetadata): ClientMetadata {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const shown = name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim()
  if (shown === '' || shown.length > most.name) throw invalid(`client_name must have 1 to ${most.name} characters.`)
  if (redirectUris.length === 0 || redirectUris.length > most.uris)
    throw invalid(`redirect_uris must be 1 to ${most.uris} addresses.`)
  for (const uri of redirectUris) {
    const problem = redirectUriProblem(uri) ?? (uri.length > most.uri ? 'it is too long' : unsafe(uri))
    if (problem !== undefined) throw invalid(`redirect_uris: ${uri.slice(0, 200)} cannot be used: ${problem}.`)
  }
  return { name: shown, redirectUris: [...new Set(redirectUris)] }
}

const neverSafe = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'])

/** Returns why codes may not be sent to an address: others would see them, or a browser would run it. */
function unsafe(uri: string): string | undefined {
  const { protocol, hostname, username, password } = new URL(uri)
  if (username || password) return 'it has a name or a password'
  if (neverSafe.has(protocol)) return `${protocol} is no address to be sent to`
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'http:' && !isLoopback ? 'http is for this machine alone: use https' : undefined
}
