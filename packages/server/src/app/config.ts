import type { Clock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import type { PasswordCost } from '../core/passwords.ts'
import type { Database } from '../db/database.ts'
import type { Durability } from '../db/sqlite.ts'
import { leastKeptDays } from '../domains/analytics/analytics.ts'
import type { CostLimit } from '../domains/media/picture-task.ts'
import type { ErrorCodes } from '../http/render-error.ts'
import type { MediaReads } from '../storage/open.ts'
import { serverDefaults } from './defaults.ts'

/** `placeholder`: a drawn picture replaces one that cannot be fetched. */
export type FetchMode = 'network' | 'placeholder'

/** The configuration of a server. Missing settings are those of `serverDefaults`. */
export interface ServerConfig {
  /** The port to listen on, 0 to 65535; 0 takes a free one. Default: 4000. */
  port?: number
  /** The address or host name to listen on. Default: `127.0.0.1`, which only this machine reaches. */
  host?: string
  /** The folder of the database and the pictures; made if it does not exist. Default: `./.pinfold`. */
  dataDir?: string
  /** Whether to discard the data at the end: `dataDir` is then not touched. Default: false. */
  ephemeral?: boolean
  /** A PostgreSQL database instead of the embedded one: `postgres://user:password@host/name`. */
  databaseUrl?: string
  /**
   * A replica of that database, from which numbers of analytics are read while it is less than ten seconds late. Default:
   * none.
   */
  replicaUrl?: string
  /**
   * Valkey or Redis, for what servers on one database share beside it: `redis://user:password@host:6379/0`. Default: none, and
   * each counts for itself.
   */
  redisUrl?: string
  /** At most this many connections to PostgreSQL. Default: 10. */
  databasePool?: number
  /** How long a statement in PostgreSQL may take, in seconds; 0: any time. Default: 60. */
  databaseTimeout?: number
  /** The address where clients reach the server, if not at its host and port: http or https. */
  publicUrl?: string
  /**
   * The proxies that are trusted to say where a request comes from: their addresses and networks, separated by commas
   * (`127.0.0.1,10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`), or their number in a row. Default: none, so
   * that the sender is the address that connected.
   */
  trustProxy?: string | number
  /** Where pictures and videos are stored: a folder, or `s3://bucket/prefix?…`. Default: in the data folder. */
  storage?: string
  /** How clients read pictures and videos stored in S3. Default: `proxy`. */
  mediaReads?: MediaReads
  /** The beginning of their addresses, if not `publicUrl`: a CDN in front of this server. */
  mediaUrl?: string
  /** What to do when a picture's address cannot be reached. Default: `network`, an error. */
  fetch?: FetchMode
  /** The DNS servers to ask about websites that are claimed, as `address:port`. Default: those of the machine. */
  dnsServers?: readonly string[]
  /** What to fill an empty database with: `demo`, `none` or the path of a seed file. Default: `demo` on loopback. */
  seed?: string
  /** Where to write the addresses and credentials that clients read from their environment. */
  envFile?: string
  /** Whether a write that was answered survives power loss. Default: `full`, it does. */
  durability?: Durability
  /** `local`, `pinterest`, `off`, or the path of a file of limits. Default: `local`. */
  rateLimits?: string
  /** Which error codes to answer. Default: `pinterest`. */
  errorCodes?: ErrorCodes
  /** Whether strangers may make accounts. Default: `open` on loopback, `closed` where others reach the server. */
  signUp?: 'open' | 'closed'
  /** Whether to use ffmpeg for videos if it is installed. Default: true. */
  ffmpeg?: boolean
  /** The largest video that may be uploaded, in bytes. Default: 2 GB. */
  uploadBytes?: number
  /** The most that all snapshots may have together, in bytes. Default: 10 GB. */
  snapshotBytes?: number
  /** The most that the data of a sandbox may have, in bytes. Default: 250 MB. */
  sandboxBytes?: number
  /** What making one picture may cost. Default: `pictureLimits.cost`. */
  pictureCost?: CostLimit
  /** What hashing a password costs, for tests that make many accounts. Default: OWASP's minimum for argon2id. */
  passwordCost?: PasswordCost
  /** How many days of numbers are stored by day; at least the 90 days that clients can ask for. Default: 730. */
  analyticsDays?: number
  /**
   * The bearer token for the operations that control the server, of 16 characters at least. Default: none, and they are
   * open to programs on this machine alone.
   */
  controlToken?: string
  /**
   * Whether the last calls are kept in memory for who controls the server. Default: yes where that is open to this
   * machine alone, or takes a token.
   */
  requestLog?: boolean
  /**
   * Networks that webhooks may be sent to, beside the public internet: addresses and networks, separated by commas
   * (`10.0.0.0/8`), or `private` or `loopback`. Default: none; and this machine while the server is for it alone.
   */
  webhookNetworks?: string
  /**
   * How long the server goes on to take requests while it says at `/_pinfold/ready` that it ends: balancers look there every
   * few seconds. Default: 0.
   */
  drainSeconds?: number
  /** The format of the log on standard output. Default: no log. */
  log?: 'json' | 'pretty'
  /** The clock. Default: the machine's. */
  clock?: Clock
  /** An open database to use instead of opening one; closed with the server. */
  database?: Database
}

/** A configuration with its defaults filled in. */
export type Settings = ServerConfig &
  Required<Pick<ServerConfig, keyof typeof serverDefaults | 'signUp' | 'requestLog'>>

/** Fills in the defaults. Throws `ConfigError` when a setting contradicts another. */
export function settingsOf(config: ServerConfig): Settings {
  const host = config.host ?? serverDefaults.host
  const settings: Settings = {
    ...serverDefaults,
    signUp: isLoopbackHost(host) ? 'open' : 'closed',
    ...config,
    requestLog: config.requestLog !== false && (config.controlToken !== undefined || isThisMachines(host, config)),
  }
  if (settings.ephemeral && settings.storage !== undefined)
    throw new ConfigError('--ephemeral keeps nothing, so it does not go with --storage.')
  if (settings.analyticsDays < leastKeptDays)
    throw new ConfigError(
      `--analytics-days ${settings.analyticsDays} is too few: numbers can be asked for 90 days back, so keep ${leastKeptDays} at least.`,
    )
  if (settings.redisUrl !== undefined && settings.databaseUrl === undefined)
    throw new ConfigError('--redis-url is for servers that share a database: it goes with --database-url.')
  if (settings.replicaUrl !== undefined && (settings.databaseUrl === undefined || settings.ephemeral))
    throw new ConfigError('--replica-url is for a replica of a lasting database: it goes with --database-url.')
  if (settings.controlToken !== undefined && settings.controlToken.length < 16)
    throw new ConfigError('The control token is too short: take 16 characters at least.')
  return settings
}

/** Returns whether a server is for this machine alone, so that it is only its own person's requests that it takes. */
const isThisMachines = (host: string, { publicUrl }: ServerConfig): boolean =>
  isLoopbackHost(host) && (publicUrl === undefined || isLoopbackHost(URL.parse(publicUrl)?.hostname ?? ''))
