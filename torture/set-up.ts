import type { Random } from '@pinfold/test-support/random'
import type { Node } from './node.ts'
import type { Wire } from './wire.ts'

/** What goes wrong, once; resolves when it is over. */
export interface Fault {
  name: string
  weight: number
  /** Whether processes of ours end by it: it does not happen while memory is looked at. */
  ends?: boolean
  happen(random: Random): Promise<void>
}

/** The servers that are tortured, and what can go wrong with them. */
export interface SetUp {
  nodes: readonly Node[]
  wires: readonly Wire[]
  /** Faults of its own, beside those of nodes and wires. */
  faults: readonly Fault[]
  /** Returns what is wrong with the data, after the nodes were stopped. */
  problems(): Promise<string[]>
  close(): Promise<void>
}

/** Where a set-up is, and with what its servers begin. */
export interface Place {
  folder: string
  seed: string
}
