import type { Fault, NewFault } from './calls.ts'

/** Returns what is left of a fault, to be made anew: without what has happened. Undefined if nothing is. */
export function remainingOf({ id: _, matched, happened, ...fault }: Fault): NewFault | undefined {
  const times = fault.times === undefined ? undefined : fault.times - happened
  if (times !== undefined && times <= 0) return undefined
  const after = Math.max(0, (fault.after ?? 0) - matched)
  return { ...fault, ...(times !== undefined && { times }), ...(fault.after !== undefined && { after }) }
}
