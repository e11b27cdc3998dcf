/** How much of something a process does now, and how much waits. */
export interface Load {
  running: number
  waiting: number
}

const loads = new Map<string, Load>()

/** Returns the load under a name, for who makes it to keep up to date: all that have the same name share it. */
export function loadNamed(name: string): Load {
  const known = loads.get(name)
  if (known) return known
  const load = { running: 0, waiting: 0 }
  loads.set(name, load)
  return load
}

/** Returns the loads of this process by their names. */
export const allLoads = (): ReadonlyMap<string, Readonly<Load>> => loads
