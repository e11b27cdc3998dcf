import type { GivenSeed } from './data.ts'

/** A server inside the server, with everything of its own. */
export interface Sandbox {
  id: string
  /** Its base address, without a slash at the end. */
  url: string
  /** When it was made, in milliseconds since 1970, by the machine's clock. */
  createdAt: number
  /** When it last had a request, by the same clock. */
  usedAt: number
  /** It ends when it has had no request for so long. */
  idleSeconds: number
  /** The size of its data, as last measured. */
  bytes: number
}

/** What lets a program into a sandbox. */
export interface SandboxCredentials {
  appId: string
  appSecret: string
  accessToken: string
  refreshToken: string
  username: string
  /** Undefined if its seed gave the account none. */
  password: string | undefined
}

/** A sandbox, as it is asked for. */
export interface NewSandbox {
  /** What to fill it with. Undefined: an account that has nothing. */
  seed: GivenSeed | undefined
  idleSeconds: number
}

/** The sandboxes of a server; in a sandbox: itself alone. */
export interface Sandboxes {
  /** Makes one. Throws `invalidRequest` for a wrong seed, in a sandbox, and when there are too many. */
  create(wanted: NewSandbox): Promise<Sandbox & SandboxCredentials>
  /** Returns all, oldest first. */
  list(): Sandbox[]
  /** Ends one, and discards its data. Throws `sandboxNotFound`. */
  remove(id: string): void
}
