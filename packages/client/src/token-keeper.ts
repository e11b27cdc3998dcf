import { AuthenticationError } from './errors.ts'
import type { OAuth, Tokens } from './oauth.ts'

export interface TokenKeeperOptions {
  accessToken: string | undefined
  /** Milliseconds since 1970. */
  accessTokenExpiresAt: number | undefined
  refreshToken: string | undefined
  oauth: OAuth | undefined
  onTokens: ((tokens: Tokens) => void | Promise<void>) | undefined
}

/** A token that expires this soon is renewed before it is used. */
const renewBeforeMs = 60_000

/** Keeps the access token valid: one refresh serves every call that waits for it. */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions
  #accessToken: string | undefined
  #expiresAt: number
  #refreshToken: string | undefined
  #refreshing: Promise<string> | undefined

  constructor(options: TokenKeeperOptions) {
    this.#options = options
    this.#accessToken = options.accessToken
    this.#expiresAt = options.accessTokenExpiresAt ?? Number.POSITIVE_INFINITY
    this.#refreshToken = options.refreshToken
  }

  get canRenew(): boolean {
    return this.#options.oauth !== undefined && this.#refreshToken !== undefined
  }

  /** Returns the token to send now. Throws an `AuthenticationError` when there is none, or it is malformed. */
  async current(): Promise<string> {
    // `fetch` would repeat a malformed token in its error, for everybody to read.
    if (this.#accessToken !== undefined && !/^\s*[\x21-\x7e]+\s*$/.test(this.#accessToken))
      throw new AuthenticationError(
        'The access token has a line break, a blank or another character that no token has.',
      )
    const isFresh = this.#accessToken !== undefined && this.#expiresAt - Date.now() > renewBeforeMs
    if (isFresh && this.#accessToken !== undefined) return this.#accessToken
    if (this.canRenew) return this.#refresh()
    if (this.#accessToken !== undefined) return this.#accessToken
    throw new AuthenticationError('There is no access token: give the client one, or a refresh token with its app.')
  }

  /** Returns another token than `refused`. */
  async renew(refused: string): Promise<string> {
    const { current } = { current: this.#accessToken }
    if (current !== undefined && current !== refused && !this.#refreshing) return current
    return this.#refresh()
  }

  #refresh(): Promise<string> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #ask(): Promise<string> {
    const { oauth, onTokens } = this.#options
    if (!oauth || this.#refreshToken === undefined)
      throw new AuthenticationError('The access token cannot be renewed: there is no refresh token, or no app.')
    const tokens = await oauth.refresh(this.#refreshToken)
    this.#accessToken = tokens.accessToken
    this.#expiresAt = tokens.accessTokenExpiresAt
    this.#refreshToken = tokens.refreshToken ?? this.#refreshToken
    await onTokens?.(tokens)
    return tokens.accessToken
  }
}
