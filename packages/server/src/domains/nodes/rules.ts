// What is decided about servers and their common work, without a database or a clock: `nodes.ts` and `leases.ts` ask here,
// with rows and times of the database, and so does the simulation (nodes-simulation.test.ts).

/** Work that one server does for all: who has it until when, and when it was done last. */
export interface Lease {
  holder: string
  /** 0: it was left. */
  leased_until: number
  done_at: number
}

/** Returns what a lease becomes; undefined if it stays as it is. `now`: the time of the database. */
export type LeaseRule = (lease: Lease | undefined, now: number) => Lease | undefined

/** Nobody else does the work for this long; work that takes longer is renewed. */
export const leaseMs = 20_000

/**
 * Whoever has not heard for this long, by its own clock, that it still has the work, stops: before another may take it, even
 * where clocks run at rates that differ by a tenth.
 */
export const trustMs = leaseMs * 0.9

/** Work that nobody does, and that was not done within `everyMs`, is taken. */
export const take =
  (holder: string, everyMs: number): LeaseRule =>
  (lease, now) => {
    if (lease && (lease.leased_until > now || isWithin(now - lease.done_at, everyMs))) return undefined
    return { holder, leased_until: now + leaseMs, done_at: lease?.done_at ?? 0 }
  }

/** The database's clock may have been ahead when the work was done: then it is done again, rather than not for long. */
const isWithin = (sinceMs: number, everyMs: number): boolean => Math.abs(sinceMs) < everyMs

/** Whoever has work keeps it, until it is left: a renewal may arrive after that. */
export const renew =
  (holder: string): LeaseRule =>
  (lease, now) =>
    lease?.holder === holder && lease.leased_until > 0 ? { ...lease, leased_until: now + leaseMs } : undefined

/** Whoever has work leaves it, done or not. */
export const leave =
  (holder: string, isDone: boolean): LeaseRule =>
  (lease, now) =>
    lease?.holder === holder ? { holder, leased_until: 0, done_at: isDone ? now : lease.done_at } : undefined

/** A server that has said nothing for this long is dead. */
export const aliveMs = 20_000

/** The numbers that ids have room for; 0 is of a server that has the data for itself. */
export const mostNodes = 31

/** Returns whether a server is alive. */
export const isAlive = ({ alive_until }: { alive_until: number }, now: number): boolean => alive_until > now

/** Returns the smallest number that no server has which is alive; undefined if there is none. */
export function freeNumber(nodes: readonly { number: number; alive_until: number }[], now: number): number | undefined {
  const taken = new Set(nodes.filter((node) => isAlive(node, now)).map(({ number }) => number))
  return Array.from({ length: mostNodes }, (_, index) => index + 1).find((number) => !taken.has(number))
}
