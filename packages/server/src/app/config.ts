import type { Clock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import type { Database } from '../db/database.ts'
import type { Durability } from '../db/sqlite.ts'
import { leastKeptDays } from '../domains/analytics/analytics.ts'
import type { CostLimit } from '../domains/media/picture-task.ts'
import type { ErrorCodes } from '../http/render-error.ts'
import type { MediaReads } from '../storage/open.ts'
import { serverDefaults } from './defaults.ts'

/** `placeholder`: a drawn picture stands for one that cannot be reached. */
export type FetchMode = 'network' | 'placeholder'

/** What a server is started with. What is left out is as `serverDefaults` has it. */
export interface ServerConfig {
  /** The port to listen on, 0 to 65535; 0 takes a free one. Default: 4000. */
  port?: number
  /** The address or host name to listen on. Default: `127.0.0.1`, which only this machine reaches. */
  host?: string
  /** The folder of the database and the pictures; made if it is not there. Default: `./.pinfold`. */
  dataDir?: string
  /** Whether the data are thrown away at the end: `dataDir` is then not touched. Default: false. */
  ephemeral?: boolean
  /** A PostgreSQL database instead of the embedded one: `postgres://user:password@host/name`. */
  databaseUrl?: string
  /** Where clients reach the server, if not at its host and port: an http or https address. */
  publicUrl?: string
  /**
   * Which proxies before the server are believed about where a request comes from: their addresses and networks with
   * commas (`127.0.0.1,10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`), or how many there are in a row. Default:
   * none, so that the address is the one that connected.
   */
  trustProxy?: string | number
  /** Where pictures and videos are kept: a folder, or `s3://bucket/prefix?…`. Default: in the data folder. */
  storage?: string
  /** How they reach clients from S3. Default: `proxy`. */
  mediaReads?: MediaReads
  /** What their addresses begin with, if not with `publicUrl`: a CDN that asks this server. */
  mediaUrl?: string
  /** What becomes of the address of a picture that cannot be reached. Default: `network`, an error. */
  fetch?: FetchMode
  /** What to fill an empty database with: `demo`, `none` or the path of a seed file. Default: `demo` on loopback. */
  seed?: string
  /** Where to write the addresses and credentials that clients read from their environment. */
  envFile?: string
  /** Whether a write that was answered survives power loss. Default: `full`, it does. */
  durability?: Durability
  /** `local`, `pinterest`, `off`, or the path of a file with limits. Default: `local`. */
  rateLimits?: string
  /** Which numbers errors have. Default: `pinterest`. */
  errorCodes?: ErrorCodes
  /** Whether strangers may make accounts. Default: `open` on loopback, and `closed` where others reach the server. */
  signUp?: 'open' | 'closed'
  /** Whether to use ffmpeg for videos if it is installed. Default: true. */
  ffmpeg?: boolean
  /** How large an uploaded video may be, in bytes. Default: 2 GB. */
  uploadBytes?: number
  /** What making one picture may cost. Default: `pictureLimits.cost`. */
  pictureCost?: CostLimit
  /** For how many days numbers are kept by day; what can be asked for (90 days) must be among them. Default: 730. */
  analyticsDays?: number
  /** How the log is written to standard output. Default: there is none. */
  log?: 'json' | 'pretty'
  /** What tells the time. Default: the machine's clock. */
  clock?: Clock
  /** A database that is open already, instead of opening one; it is closed with the server. */
  database?: Database
}

/** A configuration with its defaults filled in. */
export type Settings = ServerConfig & Required<Pick<ServerConfig, keyof typeof serverDefaults | 'signUp'>>

/** Fills the defaults in. Throws `ConfigError` when a setting does not go with the others. */
export function settingsOf(config: ServerConfig): Settings {
  const host = config.host ?? serverDefaults.host
  const settings: Settings = { ...serverDefaults, signUp: isLoopbackHost(host) ? 'open' : 'closed', ...config }
  if (settings.ephemeral && settings.storage !== undefined)
    throw new ConfigError('--ephemeral keeps nothing, so it does not go with --storage.')
  if (settings.analyticsDays < leastKeptDays)
    throw new ConfigError(
      `--analytics-days ${settings.analyticsDays} is too few: numbers can be asked for 90 days back, so keep ${leastKeptDays} at least.`,
    )
  return settings
}
