import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/database.ts'
import type { Durability } from '../db/sqlite.ts'
import type { ErrorCodes } from '../http/render-error.ts'
import type { MediaReads } from '../storage/open.ts'

/** `placeholder`: a drawn picture stands for one that cannot be reached. */
export type FetchMode = 'network' | 'placeholder'

/** What the server is started with. */
export interface ServerConfig {
  /** 0 to 65535; 0 takes a free port. */
  port: number
  host: string
  /** The folder of the database and the pictures; made if it is not there. */
  dataDir: string
  /** Whether the data are thrown away at the end: `dataDir` is then not touched. */
  ephemeral: boolean
  /** A PostgreSQL database instead of the embedded one. */
  databaseUrl?: string
  /** Where clients reach the server, if not at its host and port. */
  publicUrl?: string
  /** Where pictures and videos are kept: a folder, or `s3://bucket/prefix?…`. Undefined: in the data folder. */
  storage?: string
  /** How they reach clients from S3. Undefined: `proxy`. */
  mediaReads?: MediaReads
  /** What their addresses begin with, if not with `publicUrl`: a CDN that asks this server. */
  mediaUrl?: string
  /** What becomes of the address of a picture that cannot be reached. Undefined: `network`, an error. */
  fetch?: FetchMode
  /** What to fill an empty database with: `demo`, `none` or the path of a seed file. Undefined: `demo` on loopback. */
  seed?: string
  /** Where to write the addresses and credentials that clients read from their environment. */
  envFile?: string
  durability: Durability
  /** `pinterest`, `off`, or the path of a file with limits. */
  rateLimits: string
  errorCodes: ErrorCodes
  signUp: 'open' | 'closed'
  /** Whether to use ffmpeg for videos if it is installed; by default it is used. */
  ffmpeg?: boolean
  /** How large an uploaded video may be, in bytes; 2 GB if not given. */
  uploadBytes?: number
  /** For how many days numbers are kept by day; two years if not given. */
  analyticsDays?: number
  /** Undefined: no log. */
  log?: 'json' | 'pretty'
  clock?: Clock
  /** Instead of opening a database: one that is open, and closed with the server. */
  database?: Database
}
