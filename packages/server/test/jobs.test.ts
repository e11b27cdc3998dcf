import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { postgres } from '@pinfold/test-support/databases'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { TestClock } from '../src/core/clock.ts'
import type { Database } from '../src/db/database.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openPostgres } from '../src/db/postgres.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { JobRefused, type Jobs, jobFileMs, jobsOf, mostOpenJobs } from '../src/domains/jobs/jobs.ts'

const databases = {
  SQLite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-jobs-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    return openSqlite(join(folder, 'pinfold.db'), 'relaxed')
  },
  PostgreSQL: async () => {
    const { databaseUrl, discard } = await postgres.open()
    onTestFinished(discard)
    return openPostgres(databaseUrl)
  },
}

/** What a job writes: so many pieces, or something else. */
interface Params {
  name: string
  pieces: number
  piece?: string
  fails?: 'always' | 'refused'
}

describe.each(['SQLite', 'PostgreSQL'] as const)('jobs on %s', (name) => {
  let db: Database
  let clock: TestClock
  /** The pieces that were written, in their order. */
  let written: string[]
  let ending: AbortController
  /** Called with each piece. */
  let seen: (piece: string) => void

  async function* make({ name: job, pieces, piece = '.', fails }: Params): AsyncGenerator<string> {
    for (let i = 0; i < pieces; i++) {
      written.push(job)
      yield piece
      seen(job)
    }
    if (fails === 'refused') throw new JobRefused('There is no such file.')
    if (fails) throw new Error('A bug.')
  }
  const told: string[] = []
  const log = { error: () => told.push('error'), info: () => told.push('info') } as never
  const newJobs = (more: Partial<Parameters<typeof jobsOf>[0]> = {}): Jobs =>
    jobsOf({ db, clock, log, isShared: false, makers: { made: make }, ...more })
  const run = (jobs: Jobs) => jobs.run(ending.signal)
  const begin = (jobs: Jobs, account: number, params: Params) => jobs.begin('made', account, params)
  async function textOf(jobs: Jobs, token: string): Promise<string | undefined> {
    const file = await jobs.file(token)
    return file && Buffer.concat(await Array.fromAsync(file.content())).toString()
  }
  const parts = async () => (await db.read.selectFrom('job_parts').select('file_key').execute()).length

  beforeEach(async () => {
    db = await databases[name]()
    onTestFinished(() => db.close())
    await migrateToLatest(db)
    clock = new TestClock()
    written = []
    told.length = 0
    seen = () => {}
    ending = new AbortController()
  })

  test('are made, read for an hour, remembered for a day, and forgotten', async () => {
    const jobs = newJobs()
    expect(await jobs.areDue()).toBe(false)
    const { token, status } = await begin(jobs, 1, { name: 'A', pieces: 3, piece: 'ä€😀' })
    expect([status, await jobs.areDue(), await textOf(jobs, token)]).toEqual(['IN_PROGRESS', true, undefined])
    await run(jobs)
    expect(await jobs.areDue()).toBe(false)
    expect(await jobs.find('made', 1, token)).toEqual({ token, status: 'FINISHED', size: 27 })
    expect(await textOf(jobs, token)).toBe('ä€😀ä€😀ä€😀')
    for (const [kind, account, text] of [
      ['other', 1, token],
      ['made', 2, token],
      ['made', 1, token.toLowerCase()],
    ] as const)
      expect(await jobs.find(kind, account, text)).toBeUndefined()
    clock.advance(jobFileMs)
    expect([(await jobs.find('made', 1, token))?.status, await textOf(jobs, token)]).toEqual(['EXPIRED', undefined])
    await jobs.forgetOld(ending.signal)
    expect([(await jobs.find('made', 1, token))?.status, await parts()]).toEqual(['EXPIRED', 0])
    clock.advance(24 * 60 * 60_000)
    await jobs.forgetOld(ending.signal)
    expect(await jobs.find('made', 1, token)).toBeUndefined()
  })

  test('of equal parameters are one, also when they are begun at once; of other accounts they are others', async () => {
    const jobs = newJobs()
    const same = { name: 'A', pieces: 1 }
    const tokens = await Promise.all(Array.from({ length: 5 }, async () => (await begin(jobs, 1, same)).token))
    expect(new Set(tokens).size).toBe(1)
    expect((await begin(jobs, 2, same)).token).not.toBe(tokens[0])
    await run(jobs)
    expect(await begin(jobs, 1, same)).toMatchObject({ token: tokens[0], status: 'FINISHED' })
    clock.advance(jobFileMs)
    const { token } = await begin(jobs, 1, same)
    expect(token).not.toBe(tokens[0])
    expect((await jobs.find('made', 1, tokens[0] ?? ''))?.status).toBe('EXPIRED')
  })

  test('of several accounts go on by turns, and those of one account one after the other', async () => {
    const jobs = newJobs()
    for (const job of ['long', 'longer']) {
      await begin(jobs, 1, { name: job, pieces: 40 })
      clock.advance(1)
    }
    await begin(jobs, 2, { name: 'short', pieces: 3 })
    // One that comes later gets its turn too.
    seen = (job) => {
      if (job === 'short' && !written.includes('late')) void begin(jobs, 3, { name: 'late', pieces: 3 })
    }
    await run(jobs)
    expect(written.length).toBe(86)
    expect(written.lastIndexOf('short')).toBeLessThan(7)
    expect(written.lastIndexOf('late')).toBeLessThan(40)
    expect(written.lastIndexOf('long')).toBeLessThan(written.indexOf('longer'))
  })

  test('let requests get their turn', async () => {
    const jobs = newJobs()
    await begin(jobs, 1, { name: 'A', pieces: 100 })
    let turns = 0
    let isDone = false
    const others = (async () => {
      for (; !isDone; turns++) await setImmediate()
    })()
    await run(jobs)
    isDone = true
    await others
    expect(turns).toBeGreaterThan(90)
  })

  test('are taken up by whoever comes next, from their beginning', async () => {
    const jobs = newJobs()
    const { token } = await begin(jobs, 1, { name: 'A', pieces: 20, piece: 'x'.repeat(100_000) })
    seen = () => {
      if (written.length === 9) ending.abort()
    }
    await run(jobs)
    expect([await parts(), (await jobs.find('made', 1, token))?.status]).toEqual([3, 'IN_PROGRESS'])
    const other = newJobs({ isShared: true })
    ending = new AbortController()
    expect(await other.areDue()).toBe(true)
    await run(other)
    expect([written.length, await parts(), (await textOf(jobs, token))?.length]).toEqual([30, 7, 2_000_000])
  })

  test('are not written by one that was held up while another began them anew', async () => {
    const jobs = newJobs()
    const { token } = await begin(jobs, 1, { name: 'A', pieces: 6, piece: 'x'.repeat(300_000) })
    const other = newJobs({ makers: { made: () => once('other') } })
    let taken: Promise<void> | undefined
    async function* once(text: string) {
      yield text
    }
    async function* held(params: Params) {
      for await (const piece of make(params)) {
        yield piece
        if (written.length !== 3) continue
        taken = other.run(new AbortController().signal)
        await taken
      }
    }
    await newJobs({ makers: { made: held as never } }).run(ending.signal)
    expect(taken).toBeDefined()
    expect([await textOf(jobs, token), await parts()]).toEqual(['other', 1])
  })

  test('are whole, also where the database takes transactions back and has them made again', async () => {
    const write: Database['write'] = async (work, committed) => {
      const takenBack = new Error('Taken back.')
      const once = db.write(async (tx) => {
        await work(tx)
        throw takenBack
      })
      await once.catch((error) => {
        if (error !== takenBack) throw error
      })
      return db.write(work, committed)
    }
    const jobs = newJobs({ db: Object.create(db, { write: { value: write } }) })
    const { token } = await begin(jobs, 1, { name: 'A', pieces: 5, piece: 'x'.repeat(300_000) })
    await run(jobs)
    expect([(await textOf(jobs, token))?.length, await parts()]).toEqual([1_500_000, 5])
  })

  test('that fail do not end the others, and leave nothing', async () => {
    const jobs = newJobs({ mostBytes: 1_000_000 })
    const bad = { name: 'bad', pieces: 9, piece: 'x'.repeat(100_000) }
    const failing = [
      await begin(jobs, 1, { ...bad, fails: 'always' }),
      await begin(jobs, 2, { ...bad, fails: 'refused' }),
      await begin(jobs, 3, { name: 'large', pieces: 11, piece: 'x'.repeat(100_000) }),
    ]
    const good = await begin(jobs, 1, { name: 'good', pieces: 1 })
    await run(jobs)
    for (const [i, { token }] of failing.entries())
      expect(await jobs.find('made', i + 1, token)).toMatchObject({ status: 'FAILED', size: 0 })
    expect([await textOf(jobs, good.token), await parts()]).toEqual(['.', 1])
    expect(told.toSorted()).toEqual(['error', 'info', 'info'])
    // What failed may be tried again.
    expect((await begin(jobs, 1, { ...bad, fails: 'always' })).token).not.toBe(failing[0]?.token)
  })

  test('are bounded for each account', async () => {
    const jobs = newJobs()
    for (let i = 0; i < mostOpenJobs; i++) await begin(jobs, 1, { name: `${i}`, pieces: 1 })
    const one = begin(jobs, 1, { name: 'more', pieces: 1 })
    await expect(one).rejects.toMatchObject({ entry: 'rateLimited', headers: { 'retry-after': '60' } })
    expect(await begin(jobs, 1, { name: '0', pieces: 1 })).toMatchObject({ status: 'IN_PROGRESS' })
    await begin(jobs, 2, { name: 'more', pieces: 1 })
    await run(jobs)
    await begin(jobs, 1, { name: 'more', pieces: 1 })
  })

  test('go with all that is an account’s, also while they are made', async () => {
    const jobs = newJobs()
    const done = await begin(jobs, 1, { name: 'done', pieces: 1 })
    const others = await begin(jobs, 2, { name: 'others', pieces: 1 })
    await run(jobs)
    const { token } = await begin(jobs, 1, { name: 'A', pieces: 6, piece: 'x'.repeat(300_000) })
    let forgotten: Promise<void> | undefined
    seen = () => {
      if (written.length === 5) forgotten = jobs.forgetOf(1)
    }
    await run(jobs)
    await forgotten
    for (const each of [token, done.token]) expect(await jobs.find('made', 1, each)).toBeUndefined()
    expect([await textOf(jobs, others.token), await parts()]).toEqual(['.', 1])
  })
})
