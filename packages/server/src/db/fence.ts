import type { Database } from './database.ts'

/** A database whose writing can be ended while others go on with it. */
export interface Fence {
  db: Database
  /** Has writes that begin from now on wait for `open` or `end`. */
  shut(): void
  /** Lets them go on. */
  open(): void
  /** Has them, and all later ones, throw. Reads go on. */
  end(): void
}

/** Puts a fence around a database. Closing what is behind it leaves the database open. `refusal` makes the error. */
export function fenceAround(db: Database, refusal: () => Error): Fence {
  let decided: PromiseWithResolvers<void> | undefined
  let hasEnded = false
  const decide = () => {
    decided?.resolve()
    decided = undefined
  }
  return {
    db: {
      ...db,
      async write(work, committed) {
        await decided?.promise
        if (hasEnded) throw refusal()
        return db.write(work, committed)
      },
      close: async () => {},
    },
    shut() {
      decided ??= Promise.withResolvers()
    },
    open: decide,
    end() {
      hasEnded = true
      decide()
    },
  }
}
