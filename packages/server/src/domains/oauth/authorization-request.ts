import type { Scope } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import type { Apps } from './apps.ts'
import { isChallenge } from './pkce.ts'
import { acceptsRedirect, redirectUriProblem } from './redirect-uri.ts'
import type { RegisteredClients } from './registered-clients.ts'
import { readScopes } from './scopes.ts'
import type { AppRow } from './store.ts'

/** What a request needs to know of an app. */
export interface AskingApp extends Pick<AppRow, 'name' | 'redirect_uris' | 'loopback_redirects'> {
  /** Whether it has no secret. It then must use PKCE. */
  isPublic: boolean
  /** Returns its id for an account that approves, once it has one. Throws a 400 when the account has too many apps. */
  approvedBy(accountId: number): Promise<number>
}

/** An app's checked request at `/oauth/`. */
export interface AuthorizationRequest {
  /** The app. */
  app: AskingApp
  /** The address of the answer: one of the app's own. */
  redirectUri: string
  /** The requested scopes. */
  scopes: readonly Scope[]
  /** Returned with the answer, unchanged. */
  state: string | undefined
  /** The PKCE challenge (S256); null if there is none. */
  codeChallenge: string | null
}

/** A request that must not be answered with a redirect, since the address may not be the app's. */
export class UntrustedRequest extends Error {}

/** A request that is answered with a redirect that names an error (RFC 6749, 4.1.2.1). */
export class RefusedRequest extends Error {
  /** The redirect's address: the app's redirect URI, with the error. */
  readonly location: string

  constructor(redirectUri: string, state: string | undefined, error: string, description: string) {
    super(description)
    this.location = redirectWith(redirectUri, { error, error_description: description, state })
  }
}

/** The fields a request may have; the consent page carries them through its form. */
export const requestFields = [
  'client_id',
  'consumer_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
] as const

export type RequestFields = Partial<Record<(typeof requestFields)[number], string>>

const maxFieldLength = 2048

/** Returns the known fields of a query or form. Throws `UntrustedRequest` when one is repeated or too long. */
export function pickFields(given: unknown): RequestFields {
  const source = (given ?? {}) as Record<string, unknown>
  const fields: RequestFields = {}
  for (const name of requestFields) {
    const value = source[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw new UntrustedRequest(`'${name}' is given more than once.`)
    if (value.length > maxFieldLength)
      throw new UntrustedRequest(`'${name}' is longer than ${maxFieldLength} characters.`)
    fields[name] = value
  }
  return fields
}

/** The apps, and the programs that registered themselves. */
export interface AskingApps {
  apps: Pick<Apps, 'find'>
  clients: RegisteredClients
}

/** Checks a request. Throws `UntrustedRequest` or `RefusedRequest`. */
export async function checkRequest(asking: AskingApps, fields: RequestFields): Promise<AuthorizationRequest> {
  const clientId = fields.client_id ?? fields.consumer_id
  if (!clientId) throw new UntrustedRequest(`'client_id' is missing: the id of the app.`)
  const app = await findApp(asking, clientId)
  if (!app) throw new UntrustedRequest(`There is no app with the id '${clientId.slice(0, 100)}'.`)
  const { redirect_uri: redirectUri, state } = fields
  if (!redirectUri) throw new UntrustedRequest(`'redirect_uri' is missing: where to send you afterwards.`)
  if (!acceptsRedirect(app, redirectUri)) throw notRegistered(redirectUri)

  const refuse = (error: string, description: string) => new RefusedRequest(redirectUri, state, error, description)
  if (fields.response_type !== 'code') throw refuse('unsupported_response_type', 'response_type must be code')
  const { code_challenge: challenge, code_challenge_method: method } = fields
  if (challenge !== undefined && (method !== 'S256' || !isChallenge(challenge)))
    throw refuse('invalid_request', 'code_challenge must be 43 base64url characters, with code_challenge_method S256')
  if (challenge === undefined && app.isPublic)
    throw refuse('invalid_request', 'code_challenge is missing: an app without a secret needs PKCE (S256)')
  try {
    const scopes = readScopes(fields.scope ?? '')
    return { app, redirectUri, scopes, state, codeChallenge: challenge ?? null }
  } catch (error) {
    if (error instanceof ApiError) throw refuse('invalid_scope', error.detail ?? '')
    throw error
  }
}

async function findApp({ apps, clients }: AskingApps, clientId: string): Promise<AskingApp | undefined> {
  const client = clients.find(clientId)
  if (client)
    return {
      ...{ name: client.name, redirect_uris: JSON.stringify(client.redirectUris), loopback_redirects: 0 },
      isPublic: true,
      async approvedBy(accountId) {
        await clients.keep(client, accountId)
        return client.appIdFor(accountId)
      },
    }
  const app = await apps.find(clientId)
  return app && { ...app, isPublic: false, approvedBy: async () => app.id }
}

function notRegistered(uri: string): UntrustedRequest {
  const problem = redirectUriProblem(uri)
  const why = problem === undefined ? '' : ` No app can: ${problem}.`
  return new UntrustedRequest(`The app has not registered the redirect URI '${uri}'.${why}`)
}

/** Returns `uri` with the defined parameters added. What a header cannot hold is percent-encoded. */
export function redirectWith(uri: string, parameters: Record<string, string | undefined>): string {
  const added = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`],
  )
  const plain = uri.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)
  return `${plain}${plain.includes('?') ? '&' : '?'}${added.join('&')}`
}
