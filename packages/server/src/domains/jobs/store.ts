import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare, prepareWrite } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

/** A row of jobs. */
export type JobRow = Schema['jobs']
/** A part of a file. */
export type JobPartRow = Schema['job_parts']
type Tx = Transaction<Schema>

/** What equal jobs have in common. */
export interface JobParams {
  adAccountId: number
  kind: string
  hash: string
}

/** The SQL of jobs and their files. */
export interface JobStore {
  /** Returns a job. */
  byToken(token: string): Promise<JobRow | undefined>
  /** Returns the newest job with these parameters. */
  byParams(tx: Tx, params: JobParams): Promise<JobRow | undefined>
  /** Returns some of the jobs of an ad account that are being made, or have a file at a time: at most `count`. */
  current(
    tx: Tx,
    of: Omit<JobParams, 'hash'> & { now: number; count: number },
  ): Promise<Pick<JobRow, 'status' | 'size'>[]>
  /** Writes a new job. */
  insert(tx: Tx, row: JobRow): Promise<void>
  /** Lets another job have the parameters of one. */
  yieldParams(tx: Tx, token: string): Promise<void>
  /** Returns the oldest job to be made of the first ad account after one. */
  next(afterAccount: number): Promise<JobRow | undefined>
  /** Returns a job, and locks it until `tx` ends. */
  lock(tx: Tx, token: string): Promise<JobRow | undefined>
  /** Writes what has become of a job. */
  update(tx: Tx, token: string, change: Partial<JobRow>): Promise<void>
  /** Writes a part of a file. */
  addPart(tx: Tx, part: JobPartRow): Promise<void>
  /** Returns a part of a file. */
  part(fileKey: string, part: number): Promise<string | undefined>
  /** Removes some parts of a file. Returns false when none is left. */
  removeParts(tx: Tx, fileKey: string): Promise<boolean>
  /** Returns some jobs whose time is over, the first of them. */
  over(now: number): Promise<JobRow[]>
  /** Returns some jobs of an ad account. */
  some(adAccountId: number): Promise<JobRow[]>
  /** Removes a job. */
  remove(tx: Tx, token: string): Promise<void>
}

/** At most this many are removed at a time. */
const removedAtOnce = 20

/** Makes the store over `db`. */
export function jobStore(db: Database): JobStore {
  const all = () => db.read.selectFrom('jobs').selectAll()
  const byToken = prepare(db, ({ token }: { token: string }) => all().where('token', '=', token))
  const next = prepare(db, ({ after }: { after: number }) =>
    all()
      .where('status', '=', sql.lit('IN_PROGRESS' as const))
      .where('ad_account_id', '>', after)
      .orderBy('ad_account_id')
      .orderBy('created_at')
      .orderBy('token')
      .limit(1),
  )
  const part = prepare(db, ({ fileKey, part }: { fileKey: string; part: number }) =>
    db.read.selectFrom('job_parts').select('text').where('file_key', '=', fileKey).where('part', '=', part),
  )
  const addPart = prepareWrite(({ file_key, part, text }: JobPartRow) =>
    db.read.insertInto('job_parts').values({ file_key, part, text }),
  )
  const over = prepare(db, ({ now }: { now: number }) =>
    all().where('expires_at', '<=', now).orderBy('expires_at').limit(removedAtOnce),
  )
  const some = prepare(db, ({ adAccountId }: { adAccountId: number }) =>
    all().where('ad_account_id', '=', adAccountId).limit(removedAtOnce),
  )

  return {
    byToken: (token) => byToken.first({ token }),

    byParams: (tx, { adAccountId, kind, hash }) =>
      tx
        .selectFrom('jobs')
        .selectAll()
        .where('ad_account_id', '=', adAccountId)
        .where('kind', '=', kind)
        .where('params_hash', '=', hash)
        .executeTakeFirst(),

    current: (tx, { adAccountId, kind, now, count }) =>
      tx
        .selectFrom('jobs')
        .select(['status', 'size'])
        .where('ad_account_id', '=', adAccountId)
        .where('kind', '=', kind)
        .where('params_hash', '>', '')
        .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now)]))
        .limit(count)
        .execute(),

    async insert(tx, row) {
      await tx.insertInto('jobs').values(row).execute()
    },

    async yieldParams(tx, token) {
      await tx.updateTable('jobs').set({ params_hash: null }).where('token', '=', token).execute()
    },

    next: (after) => next.first({ after }),

    lock(tx, token) {
      const query = tx.selectFrom('jobs').selectAll().where('token', '=', token)
      return (db.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
    },

    async update(tx, token, change) {
      await tx.updateTable('jobs').set(change).where('token', '=', token).execute()
    },

    async addPart(tx, row) {
      await addPart(tx, row)
    },

    part: async (fileKey, number) => (await part.first({ fileKey, part: number }))?.text,

    async removeParts(tx, fileKey) {
      const parts = await tx
        .selectFrom('job_parts')
        .select('part')
        .where('file_key', '=', fileKey)
        .orderBy('part')
        .limit(removedAtOnce)
        .execute()
      const last = parts.at(-1)
      if (!last) return false
      await tx.deleteFrom('job_parts').where('file_key', '=', fileKey).where('part', '<=', last.part).execute()
      return true
    },

    over: (now) => over.all({ now }),
    some: (adAccountId) => some.all({ adAccountId }),

    async remove(tx, token) {
      await tx.deleteFrom('jobs').where('token', '=', token).execute()
    },
  }
}
