import { hash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Logger } from 'pino'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { whyUnavailable } from '../../core/unavailable.ts'
import type { Database } from '../../db/database.ts'
import type { JobStatus } from '../../db/schema.ts'
import { type JobRow, jobStore } from './store.ts'

/**
 * Yields the text of a job's file piece by piece, also empty ones: after each piece, other jobs and requests get their turn.
 * Throws `JobRefused` if there can be no such file.
 */
export type JobMaker<Params = never> = (params: Params, adAccountId: number) => AsyncIterable<string>

/** A job cannot be carried out, whenever it is tried. */
export class JobRefused extends Error {}

/** A job, as somebody who may know of it sees it. */
export interface Job {
  /** What names it. */
  token: string
  /** How far it is. */
  status: JobStatus
  /** The bytes of its file; 0 before it is done. */
  size: number
}

/** The file of a job. */
export interface JobFile {
  /** What it was made by. */
  params: unknown
  /** Its bytes. */
  size: number
  /** Yields them. */
  content(): AsyncIterable<Buffer>
}

/**
 * What takes long, and ends in a file that can be read for an hour. Jobs are in the database, with their files: a server that
 * starts, or another one, goes on with them. Those of several ad accounts are made by turns, piece by piece, and those of one
 * ad account one after the other, so that nobody waits for all that somebody else wants.
 */
export interface Jobs {
  /**
   * Begins a job of a kind, or returns the one with the same parameters that is being made, or whose file can be read. Throws
   * `rateLimited` when the ad account has too many of them.
   */
  begin(kind: string, adAccountId: number, params: object): Promise<Job>
  /** Returns a job of a kind and an ad account; undefined if there is none. */
  find(kind: string, adAccountId: number, token: string): Promise<Job | undefined>
  /** Returns the file of a job; undefined if it is not there yet, or any more. */
  file(token: string): Promise<JobFile | undefined>
  /** Has `look` called whenever one was begun: it may be made at once. */
  whenBegun(look: () => void): void
  /** Returns whether something is to be made. */
  areDue(): Promise<boolean>
  /** Makes what is to be made, until `signal` is aborted: then a job begins anew the next time. */
  run(signal: AbortSignal): Promise<void>
  /** Removes the files whose time is over, and later the jobs. */
  forgetOld(signal: AbortSignal): Promise<void>
  /** Removes all jobs of an ad account. */
  forgetOf(adAccountId: number): Promise<void>
}

export interface JobsOptions {
  db: Database
  clock: Clock
  log: Pick<Logger, 'error' | 'info'>
  /** What makes the files, by kind. */
  makers: Readonly<Record<string, JobMaker>>
  /** Whether other servers write to the database. */
  isShared: boolean
  /** The most bytes of a file. */
  mostBytes?: number
}

/** How long files can be read, … */
export const jobFileMs = 60 * 60_000
/** … and how long it is told of a job that its file is gone. */
const rememberedMs = 24 * 60 * 60_000

/** At most this many jobs of a kind and an ad account wait or are being made, … */
export const mostOpenJobs = 50
/** … and this many of them have files as well, … */
export const mostJobs = 500
/** … of this many bytes together, … */
const mostBytesOfAccount = 2_000_000_000
/** … and each of this many. */
const mostFileBytes = 500_000_000

/** As many characters are a part of a file: an eighth of them when they are deflated. */
const partLength = 256 * 1024
/** The jobs of at most this many ad accounts are made by turns: others wait until one of them is done. */
const mostAtOnce = 16

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** Makes the jobs over `db`. */
export function jobsOf({ db, clock, log, makers, isShared, mostBytes = mostFileBytes }: JobsOptions): Jobs {
  const store = jobStore(db)
  /** Whether there may be something: a server that is alone need not look for what nobody has begun. */
  let mayBeWaiting = true
  let look = () => {}

  const isOver = ({ expires_at: at }: Pick<JobRow, 'expires_at'>) => at !== null && at <= clock.now()
  const shown = (row: JobRow): Job => ({
    token: row.token,
    status: row.status === 'FINISHED' && isOver(row) ? 'EXPIRED' : row.status,
    size: row.size,
  })

  /** Makes a job. Each step is a turn. */
  async function* make({
    token,
    kind,
    params,
    ad_account_id: adAccountId,
    file_key: before,
  }: JobRow): AsyncGenerator<void, void> {
    const fileKey = randomBytes(16).toString('hex')
    /** Does work if the job is still there, and nobody else has begun it anew. */
    const ifOurs = (work: (tx: Parameters<Parameters<Database['write']>[0]>[0]) => Promise<void>) =>
      db.write(async (tx) => {
        const row = await store.lock(tx, token)
        if (row?.file_key !== fileKey || row.status !== 'IN_PROGRESS') return false
        await work(tx)
        return true
      })
    const end = (change: Pick<JobRow, 'status' | 'size'>) =>
      ifOurs((tx) => store.update(tx, token, { ...change, expires_at: clock.now() + jobFileMs }))

    await removeFile(before)
    await db.write(async (tx) => {
      const row = await store.lock(tx, token)
      if (row?.status === 'IN_PROGRESS' && row.file_key === before) await store.update(tx, token, { file_key: fileKey })
    })
    let [text, part, size] = ['', 0, 0]
    const put = async (): Promise<boolean> => {
      size += Buffer.byteLength(text)
      if (size > mostBytes) throw new JobRefused(`It would have more than ${mostBytes} bytes.`)
      const deflated = (await deflate(text)).toString('base64')
      text = ''
      const row = { file_key: fileKey, part: part++, text: deflated }
      return ifOurs((tx) => store.addPart(tx, row))
    }
    try {
      const maker = makers[kind]
      if (!maker) throw new JobRefused('This version does not make it.')
      for await (const piece of maker(JSON.parse(params) as never, adAccountId)) {
        text += piece
        if (text.length >= partLength && !(await put())) return
        yield
      }
      if (text !== '' && !(await put())) return
      await end({ status: 'FINISHED', size })
    } catch (error) {
      // It begins anew when there is again what lacks now.
      if (whyUnavailable(error) !== undefined) throw error
      if (error instanceof JobRefused) log.info({ token, why: error.message }, `a ${kind} could not be made`)
      else log.error({ err: error, token }, `could not make a ${kind}`)
      if (await end({ status: 'FAILED', size: 0 })) await removeFile(fileKey)
    }
  }

  /** Removes a file in steps, between which others get their turn. */
  async function removeFile(fileKey: string | null): Promise<void> {
    while (fileKey !== null && (await db.write((tx) => store.removeParts(tx, fileKey)))) await new Promise(setImmediate)
  }

  /** Ends a job and removes its file. It is not forgotten before that is done. */
  async function expire(token: string): Promise<void> {
    const row = await db.write(async (tx) => {
      const found = await store.lock(tx, token)
      const gone = { status: 'EXPIRED', params_hash: null, params: '', expires_at: clock.now() } as const
      if (found) await store.update(tx, token, gone)
      return found
    })
    await removeFile(row?.file_key ?? null)
    await db.write((tx) => store.update(tx, token, { file_key: null, expires_at: clock.now() + rememberedMs }))
  }

  return {
    async begin(kind, adAccountId, given) {
      const params = JSON.stringify(given)
      const params_hash = hash('sha256', params, 'base64url')
      const job = await db.write(async (tx) => {
        const equal = await store.byParams(tx, { adAccountId, kind, hash: params_hash })
        if (equal && equal.status !== 'FAILED' && !isOver(equal)) return equal
        if (equal) await store.yieldParams(tx, equal.token)
        const current = await store.current(tx, { adAccountId, kind, now: clock.now(), count: mostJobs })
        const open = current.filter(({ status }) => status === 'IN_PROGRESS').length
        const bytes = current.reduce((sum, each) => sum + each.size, 0)
        if (open >= mostOpenJobs) throw tooMany(`${mostOpenJobs} are being made for this ad account already.`)
        if (current.length >= mostJobs || bytes >= mostBytesOfAccount)
          throw tooMany(`This ad account has ${current.length} that are kept for an hour, of ${bytes} bytes together.`)
        const row: JobRow = {
          // Pinterest's end so too, and clients have to encode it.
          token: `${randomBytes(16).toString('base64url')}==`,
          ...{ kind, ad_account_id: adAccountId, params_hash, params, status: 'IN_PROGRESS' },
          ...{ file_key: null, size: 0, created_at: clock.now(), expires_at: null },
        }
        await store.insert(tx, row)
        return row
      })
      mayBeWaiting = true
      look()
      return shown(job)
    },

    async find(kind, adAccountId, token) {
      const row = isToken(token) ? await store.byToken(token) : undefined
      return row?.kind === kind && row.ad_account_id === adAccountId ? shown(row) : undefined
    },

    async file(token) {
      const row = isToken(token) ? await store.byToken(token) : undefined
      if (!row?.file_key || shown(row).status !== 'FINISHED') return undefined
      const { file_key: fileKey, size } = row
      return {
        params: JSON.parse(row.params),
        size,
        async *content() {
          for (let number = 0; ; number++) {
            const part = await store.part(fileKey, number)
            if (part === undefined) return
            yield await inflate(Buffer.from(part, 'base64'))
          }
        },
      }
    },

    whenBegun(next) {
      look = next
    },

    async areDue() {
      if (!mayBeWaiting && !isShared) return false
      mayBeWaiting = false
      mayBeWaiting = (await store.next(0)) !== undefined || mayBeWaiting
      return mayBeWaiting
    },

    async run(signal) {
      /** What is being made, by ad account. */
      const making = new Map<number, AsyncGenerator<void, void>>()
      let after = 0
      async function takeMore(): Promise<void> {
        for (let rounds = 0; rounds < 2 && making.size < mostAtOnce; ) {
          const row = await store.next(after)
          after = row?.ad_account_id ?? 0
          if (!row) rounds++
          else if (!making.has(after)) making.set(after, make(row))
        }
      }
      for (await takeMore(); making.size > 0; await takeMore())
        for (const [account, job] of making) {
          await new Promise(setImmediate)
          if (signal.aborted) return
          if ((await job.next()).done) making.delete(account)
        }
    },

    async forgetOld(signal) {
      for (let rows = await store.over(clock.now()); rows.length > 0; rows = await store.over(clock.now()))
        for (const row of rows) {
          if (signal.aborted) return
          if (row.status === 'EXPIRED' && row.file_key === null) await db.write((tx) => store.remove(tx, row.token))
          else await expire(row.token)
        }
    },

    async forgetOf(adAccountId) {
      for (let rows = await store.some(adAccountId); rows.length > 0; rows = await store.some(adAccountId))
        for (const { token } of rows) {
          await expire(token)
          await db.write((tx) => store.remove(tx, token))
        }
    },
  }
}

const isToken = (text: string): boolean => /^[\w-]{22}==$/.test(text)

const tooMany = (why: string) =>
  new ApiError('rateLimited', { detail: `${why} Try again later.`, headers: { 'retry-after': '60' } })
