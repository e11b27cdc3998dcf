import { randomBytes } from 'node:crypto'
import type { OperationInput, resources } from '@pinfold/contract'
import type { SharedMemory } from '../core/shared-memory.ts'

/** A fault, as it is asked for. */
export type NewFault = OperationInput<typeof resources.control.addFault>['body']

/** A fault, and what came of it so far. */
export type Fault = NewFault & { id: string; matched: number; happened: number }

/** A fault as it is kept: `key` names it among all that there ever were. */
type KeptFault = Fault & { key: string }

/** What came of each fault at one server, by its key. */
export type FaultCounts = Record<string, { matched: number; happened: number }>

/** The faults as servers tell each other of them. */
export interface FaultsState {
  faults: (NewFault & { id: string; key: string })[]
  /** The number of the newest. */
  newest: number
  /** How often all were replaced. */
  replacements: number
}

/** A request, as faults look at it. */
export interface FaultTarget {
  operation: string
  /** The id of its app; undefined if none is known. */
  app: string | undefined
  /** The username of its account; undefined if none is known. */
  account: string | undefined
}

/** The most that there may be. */
export const mostFaults = 1000

/** What goes wrong on purpose. */
export interface Faults {
  /** Whether there are any: if not, there is no need to ask. */
  any: boolean
  /**
   * Returns the fault that happens to a request, counted; undefined if none does. It has to be waited for where servers count
   * together.
   */
  happensTo(request: FaultTarget): Fault | undefined | Promise<Fault | undefined>
  /** Returns all, in the order in which they are tried. `theirs`: what came of them at other servers. */
  list(theirs?: readonly FaultCounts[]): Fault[]
  /** Adds one after the others, and returns it; undefined if there are too many. */
  add(fault: NewFault): Fault | undefined
  /** Replaces all, and returns them. Requests that are held go on. */
  replace(faults: readonly NewFault[]): Fault[]
  /** Lets go of the requests that are held now. */
  letGo(): void
  /** Aborted when the requests that are held now are to go on. */
  replaced: AbortSignal

  /** Has faults that happen a number of times counted by all who share `memory`; undefined: by this server alone. */
  countWith(memory: Pick<SharedMemory, 'count'> | undefined): void
  /** What came of each at this server. */
  counts(): FaultCounts
  /** What other servers are told. */
  state: FaultsState
  /** Has the faults be those of another server. What is counted of those that are there stays. */
  adopt(state: FaultsState): void
}

/** How long common counts are kept. */
const countedMs = 30 * 24 * 60 * 60 * 1000

/** Keeps faults in memory. `random` returns a number from 0 to 1, without 1. */
export function faultsOf(random: () => number = Math.random): Faults {
  let faults: KeptFault[] = []
  let newest = 0
  let replacements = 0
  let holding = new AbortController()
  let memory: Pick<SharedMemory, 'count'> | undefined
  const made = (fault: NewFault): KeptFault => ({
    ...fault,
    ...{ id: String(++newest), key: randomBytes(9).toString('base64url'), matched: 0, happened: 0 },
  })

  const letGo = () => {
    holding.abort()
    holding = new AbortController()
  }

  /** As `happensNow`, with the counts of all servers. Where they cannot be had, this server's count. */
  async function happensAmongAll(fault: KeptFault, { count }: Pick<SharedMemory, 'count'>): Promise<boolean> {
    const { after = 0, times, probability = 1, key } = fault
    const counted = (what: string, limit: number) =>
      count(`fault ${key}`, [{ key: what, limit, startsAt: 0, windowMs: countedMs }])
    fault.matched++
    const matched = after > 0 ? ((await counted('matched', Number.MAX_SAFE_INTEGER))?.used[0] ?? fault.matched) : 1
    if (matched <= after || (probability < 1 && random() >= probability)) return false
    if (times !== undefined) {
      const happened = await counted('happened', times)
      if (happened?.isRefused ?? fault.happened >= times) return false
    }
    fault.happened++
    return true
  }

  async function findAmongAll(request: FaultTarget, all: Pick<SharedMemory, 'count'>): Promise<Fault | undefined> {
    for (const fault of faults) if (matches(fault, request) && (await happensAmongAll(fault, all))) return shown(fault)
    return undefined
  }

  return {
    letGo,

    get any() {
      return faults.length > 0
    },

    get replaced() {
      return holding.signal
    },

    happensTo(request) {
      if (memory) return findAmongAll(request, memory)
      return faults.find((fault) => matches(fault, request) && happensNow(fault, random))
    },

    list: (theirs = []) =>
      faults.map((fault) => {
        const sum = (what: 'matched' | 'happened') =>
          theirs.reduce((total, counts) => total + (counts[fault.key]?.[what] ?? 0), fault[what])
        return { ...shown(fault), matched: sum('matched'), happened: sum('happened') }
      }),

    add(fault) {
      if (faults.length >= mostFaults) return undefined
      const added = made(fault)
      faults.push(added)
      return shown(added)
    },

    replace(given) {
      faults = given.map(made)
      replacements++
      letGo()
      return faults.map(shown)
    },

    countWith(given) {
      memory = given
    },

    counts: () => Object.fromEntries(faults.map(({ key, matched, happened }) => [key, { matched, happened }])),

    get state() {
      return { faults: faults.map(({ matched: _, happened: __, ...fault }) => fault), newest, replacements }
    },

    adopt(state) {
      const known = new Map(faults.map((fault) => [fault.key, fault]))
      faults = state.faults.map((fault) => known.get(fault.key) ?? { ...fault, matched: 0, happened: 0 })
      newest = state.newest
      if (state.replacements !== replacements) letGo()
      replacements = state.replacements
    },
  }
}

const shown = ({ key: _, ...fault }: KeptFault): Fault => fault

const matches = ({ operation, app, account }: Fault, request: FaultTarget): boolean =>
  (operation === undefined || operation === request.operation) &&
  (app === undefined || app === request.app) &&
  (account === undefined || account === request.account)

/** Counts a request that matches, and returns whether the fault happens to it. */
function happensNow(fault: Fault, random: () => number): boolean {
  const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = fault
  fault.matched++
  if (fault.matched <= after || fault.happened >= times) return false
  if (probability < 1 && random() >= probability) return false
  fault.happened++
  return true
}
