import type pg from 'pg'
import type { ConnectionUse, Durations } from '../connection-use.ts'

/** A connection that many use at once: what they ask goes out together, and is answered in order. */
interface Lane {
  client: Promise<pg.Client> | undefined
  /** The same once it is connected. */
  ready: pg.Client | undefined
  /** How many questions are not answered. */
  waiting: number
  /** When the last answer came, or the first question went. */
  movedAt: number
}

/** Connections that are shared by all reads. */
export interface Lanes {
  /** Asks on the connection that is likely to answer first. */
  query(query: pg.QueryConfig): Promise<pg.QueryResult>
  /** Returns how the lanes are used. */
  use(): ConnectionUse
  /** Closes all. */
  close(): Promise<void>
}

/** Others go along while a lane has fewer questions than this, so that they share its packets… */
const fewWaiting = 16
/** …and while its answers come: behind a slow one nobody waits if there is another lane. */
const slowMs = 3

/** Makes at most `most` lanes, each when it is needed. `connect` opens a connection in pipeline mode. */
export function lanesOf(connect: () => Promise<pg.Client>, most: number): Lanes {
  const lanes: Lane[] = Array.from({ length: most }, () => ({
    client: undefined,
    ready: undefined,
    waiting: 0,
    movedAt: 0,
  }))

  const waits: Durations = { count: 0, sumMs: 0 }

  const choose = (now: number): Lane => {
    let least = lanes[0] as Lane
    for (const lane of lanes) {
      if (lane.waiting === 0 || (lane.waiting < fewWaiting && now - lane.movedAt < slowMs)) return lane
      if (lane.waiting < least.waiting) least = lane
    }
    return least
  }

  const open = (lane: Lane): Promise<pg.Client> => {
    lane.client ??= connect().then(
      (client) => {
        const drop = () => {
          if (lane.ready === client) lane.ready = lane.client = undefined
        }
        client.once('end', drop)
        client.on('error', drop)
        lane.ready = client
        return client
      },
      (error) => {
        lane.client = undefined
        throw error
      },
    )
    return lane.client
  }

  return {
    async query(query) {
      const begun = performance.now()
      const lane = choose(begun)
      if (lane.waiting++ === 0) lane.movedAt = begun
      try {
        return await (lane.ready ?? (await open(lane))).query(query)
      } finally {
        const now = performance.now()
        lane.waiting--
        if (lane.waiting > 0) lane.movedAt = now
        waits.count++
        waits.sumMs += now - begun
      }
    },
    use: () => ({
      most,
      open: lanes.filter(({ ready }) => ready).length,
      inUse: lanes.filter(({ waiting }) => waiting > 0).length,
      waiting: lanes.reduce((sum, { waiting }) => sum + waiting, 0),
      waits: { ...waits },
    }),

    async close() {
      const clients = await Promise.allSettled(lanes.map(({ client }) => client))
      for (const { client } of lanes) client?.catch(() => {})
      await Promise.all(
        clients.map((each) => (each.status === 'fulfilled' ? each.value?.end().catch(() => {}) : undefined)),
      )
    },
  }
}
