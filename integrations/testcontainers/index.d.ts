import { AbstractStartedContainer, GenericContainer, type StartedTestContainer } from 'testcontainers'

/** What Pinfold holds at the start: a seed file, as the documentation of its configuration describes it. */
export interface PinfoldSeed {
  accounts?: { username: string; password?: string; [field: string]: unknown }[]
  apps?: { id: string; secret: string; [field: string]: unknown }[]
  tokens?: { access_token: string; refresh_token?: string; [field: string]: unknown }[]
  [part: string]: unknown
}

/**
 * A container with Pinfold. Without a seed it holds an account, an app and a token, made anew for this container, and no
 * boards.
 */
export declare class PinfoldContainer extends GenericContainer {
  /** @param image The image, `pinfold` if not given: the one that `docker build --tag pinfold .` makes in a checkout. */
  constructor(image?: string)
  /** Fills it with a seed instead. Its first account, app and token become the credentials of `getEnvironment`. */
  withSeed(seed: PinfoldSeed): this
  /** Holds requests to limits: Pinterest's, or the milder ones of a server of one's own. There are none if not given. */
  withRateLimits(limits: 'pinterest' | 'local' | 'off'): this
  /** Starts it, and waits until it answers. Throws, with the end of its log, if it does not in time (60 s if not given). */
  override start(): Promise<StartedPinfoldContainer>
}

/** Pinfold, running in a container. */
export declare class StartedPinfoldContainer extends AbstractStartedContainer {
  constructor(container: StartedTestContainer, url: string, credentials: Record<string, string>, controlToken: string)
  /** Returns its address, as seen from the host, without `/v5` and without a slash at the end. */
  getUrl(): string
  /** Returns the variables that programs for Pinterest read: `PINTEREST_API_URI`, `PINTEREST_ACCESS_TOKEN` and so on. */
  getEnvironment(): Record<string, string>
  /** Returns the bearer token of its controls. */
  getControlToken(): string
  /**
   * Controls it: `control('POST', 'clock/advance', { by: '31d' })`. Returns the answer's JSON, or undefined if it has none.
   * Throws if the answer is an error.
   *
   * @param path Below `/_pinfold/`, without a slash at the beginning.
   */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  /** Restores what it held at the start; takes less than a tenth of a second. */
  reset(): Promise<void>
}
