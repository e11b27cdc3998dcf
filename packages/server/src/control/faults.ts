import type { OperationInput, resources } from '@pinfold/contract'

/** A fault, as it is asked for. */
export type NewFault = OperationInput<typeof resources.control.addFault>['body']

/** A fault, and what came of it so far. */
export type Fault = NewFault & { id: string; matched: number; happened: number }

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
  /** Returns the fault that happens to a request, counted; undefined if none does. */
  happensTo(request: FaultTarget): Fault | undefined
  /** Returns all, in the order in which they are tried. */
  list(): Fault[]
  /** Adds one after the others, and returns it; undefined if there are too many. */
  add(fault: NewFault): Fault | undefined
  /** Replaces all, and returns them. Requests that are held go on. */
  replace(faults: readonly NewFault[]): Fault[]
  /** Lets go of the requests that are held now. */
  letGo(): void
  /** Aborted when the requests that are held now are to go on. */
  replaced: AbortSignal
}

/** Keeps faults in memory. `random` returns a number from 0 to 1, without 1. */
export function faultsOf(random: () => number = Math.random): Faults {
  let faults: Fault[] = []
  let newest = 0
  let holding = new AbortController()
  const made = (fault: NewFault): Fault => ({ ...fault, id: String(++newest), matched: 0, happened: 0 })

  const letGo = () => {
    holding.abort()
    holding = new AbortController()
  }

  return {
    letGo,

    get any() {
      return faults.length > 0
    },

    get replaced() {
      return holding.signal
    },

    happensTo: (request) => faults.find((fault) => matches(fault, request) && happensNow(fault, random)),

    list: () => faults.map((fault) => ({ ...fault })),

    add(fault) {
      if (faults.length >= mostFaults) return undefined
      const added = made(fault)
      faults.push(added)
      return { ...added }
    },

    replace(given) {
      faults = given.map(made)
      letGo()
      return faults.map((fault) => ({ ...fault }))
    },
  }
}

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
