import type { PinterestClient } from '@pinfold/client'
import type { Toolset } from './toolsets.ts'

/** What the tools work with: an account's client, and what may be done beside it. */
export interface McpHost {
  /** Speaks for the account. */
  client: PinterestClient
  /** Speaks for who may control the server; undefined where it cannot be controlled. */
  controller?: PinterestClient | undefined
  /** Whether the service is Pinterest itself, which has none of Pinfold's own operations. */
  isPinterest: boolean
  /** The scopes of the token, if they are known: tools that need others are hidden. */
  scopes?: ReadonlySet<string> | undefined
  /** The toolsets to offer. Default: all. */
  toolsets?: readonly (Toolset | (string & {}))[] | undefined
  /** Whether to offer only tools that change nothing. */
  readOnly?: boolean
  /** The only folder from which pictures are taken; undefined: none are taken from files. */
  folder?: string | undefined
  /** Returns the time of the service, in milliseconds. */
  now(): number
  /** Gets the bytes of a picture of a Pin. Throws if it cannot be had. */
  pictureAt(url: string, signal: AbortSignal): Promise<Uint8Array>
  /** Runs what takes long and heats, such as drawing a sheet of pictures, when it is the account's turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** Is told of an error that is nobody's fault but ours. */
  onError(error: unknown): void
}
