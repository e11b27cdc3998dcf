import { type ClientOptions, PinterestClient } from './client.ts'

type Control = PinterestClient['control']

/** Where a sandbox is made, and what it begins with. */
export interface SandboxOptions {
  /** The address of the server. Default: that of the variable `PINTEREST_API_URI`, or `http://127.0.0.1:4000`. */
  server?: string
  /** The server's control token. Default: that of the variable `PINFOLD_CONTROL_TOKEN`; none is needed on its machine. */
  controlToken?: string
  /** `demo`, or the content of a seed file. Default: one account, which has nothing. */
  seed?: NonNullable<Parameters<Control['createSandbox']>[0]['seed']>
  /** It ends when it has had no request for so long, in seconds: 10 to 86,400. Default: an hour. */
  idleSeconds?: number
}

/** A server inside a server, for one test among others. */
export interface TestSandbox extends AsyncDisposable {
  /** Its id. */
  id: string
  /** Its base address, without a slash at the end. */
  url: string
  /** The variables that programs read: `PINTEREST_API_URI`, `PINTEREST_ACCESS_TOKEN`, and so on. */
  env: Record<string, string>
  /** Returns a client that is signed in; its `control` is of the sandbox alone. */
  client(options?: ClientOptions): PinterestClient
  /** Ends it, and discards its data. May be called more than once. */
  close(): Promise<void>
}

/**
 * Makes a sandbox on a server that runs: what is done there is seen nowhere else. Throws when the server cannot be
 * reached or refuses.
 *
 * @example
 * await using sandbox = await openSandbox()
 * const board = await sandbox.client().boards.create({ name: 'Cups' })
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const { env: variables } = process
  const { server: baseUrl = variables.PINTEREST_API_URI || 'http://127.0.0.1:4000', seed, idleSeconds } = options
  const { controlToken = variables.PINFOLD_CONTROL_TOKEN || 'none' } = options
  const { control } = new PinterestClient({ baseUrl, accessToken: controlToken })
  const made = await control.createSandbox({
    ...(seed !== undefined && { seed }),
    ...(idleSeconds !== undefined && { idle_seconds: idleSeconds }),
  })
  const client = (given: ClientOptions = {}) =>
    new PinterestClient({
      ...{ baseUrl, accessToken: made.access_token, refreshToken: made.refresh_token },
      ...{ clientId: made.app_id, clientSecret: made.app_secret },
      ...given,
    })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= client().control.deleteSandbox(made.id)
    return closing
  }
  return {
    id: made.id,
    url: made.url,
    env: { ...made.env },
    client,
    close,
    [Symbol.asyncDispose]: close,
  }
}
