import { PinterestError } from './errors.ts'
import { sendOnce, sleep, waitMsAfter } from './transport.ts'
import type { TokenAnswer } from './types.ts'

/** Tokens that let an app act for an account, and when they expire. */
export interface Tokens {
  accessToken: string
  /** Milliseconds since 1970. */
  accessTokenExpiresAt: number
  refreshToken?: string
  refreshTokenExpiresAt?: number
  /** Those that were granted, or else requested; empty if neither the answer nor the request names any. */
  scopes: string[]
}

export interface OAuthOptions {
  clientId: string
  clientSecret: string
  redirectUri?: string
  /** Without `/v5`. */
  baseUrl: string
  /** The consent page's address, without `/oauth/`. */
  authorizationBaseUrl: string
  fetch: typeof fetch
  /** How long one try may take; 60 seconds if not given. */
  timeoutMs?: number
  /** How often a request is tried again where that is safe, which it is unless it sends a code; 3 times if not given. */
  maxRetries?: number
}

export interface AuthorizationUrlOptions {
  scopes: readonly string[]
  redirectUri?: string
  /** Returned with the redirect: pass something that only this visitor has, and compare it. */
  state?: string
  /** The PKCE challenge of a verifier; see `pkce()`. */
  codeChallenge?: string
}

/** Gets and revokes an app's tokens. */
export class OAuth {
  readonly #options: OAuthOptions

  constructor(options: OAuthOptions) {
    this.#options = options
  }

  /** Returns the address of the consent page, where a person decides whether the app may act for them. */
  authorizationUrl({ scopes, redirectUri, state, codeChallenge }: AuthorizationUrlOptions): string {
    const url = new URL('/oauth/', this.#options.authorizationBaseUrl)
    const parameters = {
      client_id: this.#options.clientId,
      redirect_uri: this.#redirectUri(redirectUri),
      response_type: 'code',
      scope: scopes.join(','),
      state,
      code_challenge: codeChallenge,
      code_challenge_method: codeChallenge && 'S256',
    }
    for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
    return url.href
  }

  /** Exchanges the code of the redirect for tokens. */
  exchangeCode(code: string, options: { redirectUri?: string; codeVerifier?: string } = {}): Promise<Tokens> {
    const { redirectUri, codeVerifier } = options
    return this.#ask({
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.#redirectUri(redirectUri),
      code_verifier: codeVerifier,
    })
  }

  /** Gets a new access token, with all granted scopes or some of them. */
  async refresh(refreshToken: string, options: { scopes?: readonly string[] } = {}): Promise<Tokens> {
    const tokens = await this.#ask({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: options.scopes?.join(','),
    })
    return { refreshToken, ...tokens }
  }

  /** Gets a token for the app itself, which acts for the account that owns the app. */
  clientCredentials(scopes: readonly string[]): Promise<Tokens> {
    return this.#ask({ grant_type: 'client_credentials', scope: scopes.join(',') })
  }

  /** Revokes a token. A refresh token takes its access tokens with it. */
  async revoke(token: string): Promise<void> {
    await this.#post('/oauth/token/revoke', { token }, () => undefined)
  }

  #redirectUri(given: string | undefined): string {
    const redirectUri = given ?? this.#options.redirectUri
    if (!redirectUri) throw new PinterestError('A redirectUri is needed: in the options of the client or of this call.')
    return redirectUri
  }

  async #ask(form: Record<string, string | undefined>): Promise<Tokens> {
    const answer = await this.#post('/oauth/token', form, (text) => JSON.parse(text) as TokenAnswer)
    const now = Date.now()
    const { refresh_token: refreshToken, refresh_token_expires_in: refreshSeconds } = answer
    return {
      accessToken: answer.access_token,
      accessTokenExpiresAt: now + answer.expires_in * 1000,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(refreshSeconds !== undefined && { refreshTokenExpiresAt: now + refreshSeconds * 1000 }),
      scopes: (answer.scope ?? form.scope ?? '').split(/[\s,]+/).filter(Boolean),
    }
  }

  async #post<Body>(
    path: string,
    form: Record<string, string | undefined>,
    read: (text: string) => Body,
  ): Promise<Body> {
    const { clientId, clientSecret, baseUrl, fetch, timeoutMs = 60_000, maxRetries = 3 } = this.#options
    const fields = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined)
    const url = `${baseUrl}/v5${path}`
    for (let attempt = 0; ; attempt++) {
      const outcome = await sendOnce({
        what: `POST ${url}`,
        timeoutMs,
        // A code that is sent a second time takes back the tokens of the first.
        isRepeatable: form.code === undefined,
        send: (signal) =>
          fetch(url, {
            method: 'POST',
            headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
            body: new URLSearchParams(fields),
            signal,
          }),
        read,
      })
      if ('body' in outcome) return outcome.body
      const waitMs = outcome.retry && attempt < maxRetries ? waitMsAfter(attempt, outcome.error) : undefined
      if (waitMs === undefined) throw outcome.error
      await sleep(waitMs)
    }
  }
}

/** Returns a new PKCE verifier to keep, and its challenge for the consent page (RFC 7636, S256). */
export async function pkce(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))
  return { codeVerifier, codeChallenge: base64url(new Uint8Array(digest)) }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
