import type { Database, LateReads } from '../database.ts'

/** A replica that is this late is not read from. */
export const mostLateMs = 10_000
/** How old what is known of it may be. */
const knownMs = 1000

/** What is known of a replica. */
export interface ReplicaOptions {
  /** Returns how late it is, in milliseconds; undefined if that cannot be told. Rejects while it is away. */
  lateness(): Promise<number | undefined>
  /** Called when it is read from again, or no more, for the reason `why`. */
  turned(isRead: boolean, why?: unknown): void
}

/**
 * Reads from `replica` while it is not late, and from `db` else. How late it is is asked beside the reads, and only while
 * there are any: none waits for that.
 */
export function lateReads(db: Database, replica: Database, { lateness, turned }: ReplicaOptions): LateReads {
  let isRead = false
  let isSaid = false
  let source = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false

  const turn = (to: boolean, why?: unknown) => {
    if (isRead !== to || !isSaid) turned(to, why)
    if (isRead !== to) source++
    isRead = to
    isSaid = true
  }
  const ask = async () => {
    asking = true
    try {
      const late = await lateness()
      if (late !== undefined && late <= mostLateMs) turn(true)
      else
        turn(
          false,
          late === undefined ? 'it has heard of none of the servers that share the database' : `it is ${late} ms late`,
        )
    } catch (error) {
      turn(false, error)
    } finally {
      asking = false
      askedAt = performance.now()
    }
  }

  return {
    source: () => source,
    async run(query, parameters) {
      if (!asking && performance.now() - askedAt > knownMs) void ask()
      if (!isRead) return db.run(query, parameters)
      try {
        return await replica.run(query, parameters)
      } catch {
        // It may have ended, or replay what removes rows that the query reads. If the query is at fault, `db` says so.
        source++
        askedAt = Number.NEGATIVE_INFINITY
        return db.run(query, parameters)
      }
    },
  }
}
