import { type Host, NoAnswer, simulate, type World, worldOf } from '@pinfold/test-support/simulation'
import { expect, test } from 'vitest'
import { DatabaseAway } from '../src/core/unavailable.ts'
import { UnusableVideo } from '../src/domains/videos/make-video.ts'
import { type ProcessingParts, processingOver } from '../src/domains/videos/processing.ts'
import type { VideoRow } from '../src/domains/videos/store.ts'

// Servers that process the uploads of videos, and take over what others leave. The code is the product's; rows, files and the
// work itself are simulated. See docs/torture.md.

/** What a test breaks, to see that it is found. */
type Mutant = (parts: ProcessingParts, database: Uploads, host: Host) => Partial<ProcessingParts>

const [hosts, calmAfterMs, settledAfterMs, leaseMs, mostAttempts] = [3, 60_000, 150_000, 20_000, 3]

interface Upload extends Pick<VideoRow, 'id' | 'account_id' | 'status' | 'attempts' | 'upload_key'> {
  leased_by: string | null
  leased_until: number
  /** What was told of it. */
  told: string[]
}

class Uploads {
  readonly rows = new Map<number, Upload>()
  readonly files = new Set<string>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  processing = (id: number): Upload | undefined => {
    const row = this.rows.get(id)
    return row?.status === 'processing' ? row : undefined
  }

  /** Changes its status and tells of it, unless it is not being processed, or not by `holder`. */
  end(id: number, status: 'succeeded' | 'failed', holder: string | undefined): boolean {
    const row = this.processing(id)
    if (!row || (holder !== undefined && row.leased_by !== holder)) return false
    if (row.upload_key !== null) this.files.delete(row.upload_key)
    Object.assign(row, { status, upload_key: null, leased_by: null, leased_until: 0 })
    row.told.push(status)
    return true
  }

  lease(row: Upload, holder: string): Upload {
    row.leased_by = holder
    row.leased_until = this.#world.now + leaseMs
    return { ...row }
  }
}

async function schedule(seed: number, mutant?: Mutant): Promise<string | undefined> {
  const world = worldOf(seed)
  const { random } = world
  const database = new Uploads(world)
  const { rows } = database
  const all = Array.from({ length: hosts }, (_, i) => world.host(`server ${i}`))
  /** The uploads on each server's disk, which outlive it. */
  const disks = new Map(all.map((host): [Host, Set<number>] => [host, new Set()]))
  let [starts, ids, isCalm] = [0, 0, false]

  function serve(host: Host): void {
    const holder = `${host.name} ${starts++}`
    const disk = disks.get(host) ?? new Set()
    /** As the product's database does: what is not answered may have been stored. */
    const ask = <T>(work: () => T) =>
      host.ask(work).catch((error: unknown): never => {
        throw error instanceof NoAnswer ? new DatabaseAway({ cause: error, isOutcomeUnknown: true }) : error
      })
    const taken = (row: Upload): VideoRow => ({ ...row }) as unknown as VideoRow

    async function make({ id, upload_key: key }: Pick<VideoRow, 'id' | 'upload_key'>, signal: AbortSignal) {
      if (!disk.has(id) && !(await ask(() => key !== null && database.files.has(key))))
        throw new UnusableVideo('The uploaded file is lost.')
      for (let seconds = 1 + random.below(60); seconds > 0 && !signal.aborted; seconds--) {
        const row = database.processing(id)
        const isOthers = row !== undefined && row.leased_by !== holder && row.leased_until > world.now
        // Who stood still goes on with what was taken from it, which comes to nothing; long after that nobody does.
        if (isOthers && world.now > calmAfterMs + settledAfterMs) world.fail('a server does what another does already')
        await new Promise<void>((resolve) => host.timers.after(1000, resolve))
      }
      if (random.chance(0.03)) throw new Error('the program that makes it broke off')
      if (!(await ask(() => database.end(id, 'succeeded', holder)))) throw new Error("it is gone, or another server's")
      disk.delete(id)
      return { bytes: 1, durationMs: 1 }
    }

    const parts: ProcessingParts = {
      log: { info: () => {}, warn: () => {} },
      timers: host.timers,
      make,
      staging: { clear: async () => [...disk], remove: async (id) => void disk.delete(id) },
      rows: {
        processingAfter: (last) =>
          ask(() => [...rows.values()].filter(({ id, status }) => id > last && status === 'processing').map(taken)),
        beginAttempt: (id) =>
          ask(() => {
            const row = database.processing(id)
            if (row?.leased_by !== holder) return undefined
            row.attempts++
            return taken(row)
          }),
        takeBackAttempt: (id) =>
          ask(() => {
            const row = rows.get(id)
            if (row) row.attempts--
          }),
        fail: async (id) => void (await ask(() => database.end(id, 'failed', undefined))),
      },
      leases: {
        lease: async (id) =>
          ask(() => {
            const row = rows.get(id)
            if (row) database.lease(row, holder)
          }),
        renew: (renewed) =>
          ask(() => {
            for (const row of rows.values())
              if (row.leased_by === holder && row.status === 'processing' && renewed.includes(row.id))
                database.lease(row, holder)
          }),
        takeOver: (count) =>
          ask(() =>
            [...rows.values()]
              .filter((row) => row.status === 'processing' && row.upload_key !== null && row.leased_until <= world.now)
              .slice(0, count)
              .map((row) => taken(database.lease(row, holder))),
          ),
        leave: async () => {},
      },
    }
    const processing = processingOver({ ...parts, ...mutant?.(parts, database, host) })
    const resume = (): Promise<void> =>
      processing.resume({ isShared: true }).catch(() => {
        // Whoever starts servers starts it again.
        host.crash()
        world.after(1000, () => host.isUp || host.start(() => serve(host)))
      })
    void resume()

    /** Somebody uploads a video. */
    async function accept(): Promise<void> {
      const [id, account_id, upload_key] = [++ids, 1 + random.below(3), `file ${ids}`]
      await ask(() => void database.files.add(upload_key))
      disk.add(id)
      await ask(() => {
        const row = { id, account_id, status: 'processing' as const, attempts: 0, upload_key, told: [] }
        rows.set(id, { ...row, leased_by: holder, leased_until: world.now + leaseMs })
      })
      processing.add({ id, account_id })
    }
    host.timers.every(12_000, () => {
      if (!isCalm) accept().catch(() => {})
    })
  }
  for (const host of all) host.start(() => serve(host))

  function mishap(): void {
    if (isCalm) return
    const host = random.pick(all)
    if (random.chance(0.5)) {
      host?.crash()
      world.after(random.below(40_000), () => host?.isUp || host?.start(() => serve(host)))
    } else host?.freeze(random.below(45_000))
    world.after(random.below(20_000), mishap)
  }
  world.after(random.below(20_000), mishap)

  await world.pass(calmAfterMs)
  isCalm = true
  world.calmDown()
  const isOver = () => [...rows.values()].every(({ status }) => status !== 'processing')
  await world.pass(600_000, isOver)
  if (world.wrong !== undefined) return world.wrong
  for (const { id, status, told, attempts } of rows.values()) {
    if (status === 'processing') return `upload ${id} is not finished`
    if (told.length !== 1) return `of upload ${id} was told: ${told}`
    if (status === 'failed' && attempts < mostAttempts) return `upload ${id} failed after ${attempts} attempts`
  }
  return undefined
}

test('whoever dies, stands still or is not heard, each video is made or given up, and told of once', async () => {
  expect(await simulate(200, (seed) => schedule(seed))).toBe(undefined)
})

const mutants: [what: string, mutant: Mutant, finding: string][] = [
  [
    'a server keeps what it does not know that it has',
    ({ leases }, { rows }) => ({
      leases: leases && { ...leases, renew: () => leases.renew([...rows.keys()]) },
    }),
    'is not finished',
  ],
  [
    'a server never says that it is at work',
    ({ leases }) => ({ leases: leases && { ...leases, renew: async () => {} } }),
    'what another does already',
  ],
  [
    'a server does not try again later',
    ({ timers, leases }) => ({
      timers: { ...timers, after: () => () => {} },
      leases: leases && { ...leases, takeOver: async () => [] },
    }),
    'is not finished',
  ],
  [
    'a video that is done is told of by whoever finishes it',
    (parts, { rows }) => ({
      async make(upload, signal) {
        const made = await parts.make(upload, signal).catch(() => ({ bytes: 1, durationMs: 1 }))
        rows.get(upload.id)?.told.push('succeeded')
        return made
      },
    }),
    'was told',
  ],
]

test.each(mutants)('it is found when %s', async (_, mutant, finding) => {
  expect(await simulate(200, (seed) => schedule(seed, mutant))).toContain(finding)
})
