import { randomBytes } from 'node:crypto'
import { type TransitionKind, transitionKinds } from '@pinfold/contract'
import { ApiError, invalid } from '../core/errors.ts'
import { type Others, type OthersOptions, othersOf } from '../core/others.ts'
import type { SharedMemory } from '../core/shared-memory.ts'
import type { Fault, FaultCounts, Faults, FaultsState } from './faults.ts'
import type { GateRule, Outcome } from './gate.ts'
import type { ClockState, MovableClock } from './movable-clock.ts'
import type { Transitions } from './transitions.ts'

/** What holds at all servers that share their data, once it is set at one. */
interface Parts {
  clock: ClockState
  faults: FaultsState
  transitions: Record<TransitionKind, GateRule>
}
type PartName = keyof Parts

/** A part as it was set: of two the one with the larger version counts, and of equal ones the one by the larger name. */
interface Told {
  part: PartName
  version: number
  by: string
  state: unknown
}

type Asked =
  | { what: 'adopt'; told: Told[] }
  | { what: 'state' | 'fault counts' }
  | { what: 'waiting'; kind: TransitionKind }
  | { what: 'decide'; kind: TransitionKind; id: number; outcome: Outcome }

export interface SharingOptions {
  /** Servers that name the same share. */
  topic: string
  /** Undefined: there is none. */
  memory: SharedMemory | undefined
  /** Whether the memory answers. */
  isThere: () => boolean
  /** Returns how many other servers share the data. */
  countOthers: () => Promise<number>
}

/** The clock, the faults and the transitions of servers that share their data. */
export interface SharedControl {
  /** Throws when the others could not be told of a change. `what`: it, as the subject of a sentence. */
  check(what: string): Promise<void>
  /** Throws when other servers share the data. `what`: what would be of this one alone, as the subject of a sentence. */
  refuseAmongSeveral(what: string): Promise<void>
  /** Tells the others what was set here; resolves once they have it, or after two seconds. */
  changed(...parts: PartName[]): Promise<void>
  /** Returns the faults with what came of them at all servers. */
  listFaults(): Promise<Fault[]>
  /** Returns how many wait at all servers. */
  waiting(kind: TransitionKind): Promise<number>
  /** Has a thing go on, wherever it waits; false if it does not. */
  decide(kind: TransitionKind, id: number, outcome: Outcome): Promise<boolean>
  /** Shares from now on, beginning with what holds at the others. */
  share(options: SharingOptions): Promise<void>
  /** Shares no more. */
  unshare(): void
}

/** Who has set something says so again this often: others may have missed it. */
const repeatMs = 3000

/** Makes what is shared of one server, which shares nothing yet. */
export function sharedControl(
  { clock, faults, transitions }: { clock: MovableClock; faults: Faults; transitions: Transitions },
  warnings: OthersOptions['log'],
): SharedControl {
  const self = randomBytes(9).toString('base64url')
  const versions: Record<PartName, { version: number; by: string }> = {
    clock: { version: 0, by: '' },
    faults: { version: 0, by: '' },
    transitions: { version: 0, by: '' },
  }
  const read: { [Name in PartName]: () => Parts[Name] } = {
    clock: () => clock.state,
    faults: () => faults.state,
    transitions: () =>
      Object.fromEntries(transitionKinds.map((kind) => [kind, transitions[kind].rule])) as Parts['transitions'],
  }
  const adopt: { [Name in PartName]: (state: Parts[Name]) => void } = {
    clock: (state) => clock.adopt(state),
    faults: (state) => faults.adopt(state),
    transitions: (state) => {
      for (const kind of transitionKinds) transitions[kind].set(state[kind])
    },
  }
  let sharing: (SharingOptions & { others: Others; repeating: NodeJS.Timeout }) | undefined

  const told = (part: PartName): Told => ({ part, ...versions[part], state: read[part]() })

  function hear({ part, version, by, state }: Told): void {
    const known = versions[part]
    if (version < known.version || (version === known.version && by <= known.by)) return
    versions[part] = { version, by }
    adopt[part](state as never)
  }

  async function answer(question: unknown): Promise<unknown> {
    const asked = question as Asked
    switch (asked.what) {
      case 'adopt':
        for (const each of asked.told) hear(each)
        return true
      case 'state':
        return allTold(({ version }) => version > 0)
      case 'fault counts':
        return faults.counts()
      case 'waiting':
        return transitions[asked.kind].waiting
      case 'decide':
        return transitions[asked.kind].decide(asked.id, asked.outcome)
    }
  }

  const allTold = (matches: (known: { version: number; by: string }) => boolean): Told[] =>
    (Object.keys(versions) as PartName[]).filter((part) => matches(versions[part])).map(told)

  const ask = <Answer>(question: Asked): Promise<Answer[]> =>
    sharing?.others.ask<Answer>(question) ?? Promise.resolve([])

  function unshare(): void {
    sharing?.others.end()
    clearInterval(sharing?.repeating)
    sharing = undefined
    faults.countWith(undefined)
  }

  let countOthers: SharingOptions['countOthers'] = async () => 0
  let isShared = false

  return {
    async check(what) {
      if (sharing?.isThere()) return
      const others = await countOthers()
      if (others === 0) return
      if (isShared)
        throw new ApiError('unavailable', {
          detail: `${what} would hold at this server alone: the others are told through Redis, which does not answer.`,
        })
      throw invalid(
        `${what} would hold at this server alone, and ${servers(others)} its database. Start all of them with --redis-url.`,
      )
    },

    async refuseAmongSeveral(what) {
      const others = await countOthers()
      if (others > 0)
        throw invalid(
          `${what} is of one server alone, and ${servers(others)} its database: start one for tests by itself.`,
        )
    },

    async changed(...parts) {
      for (const part of parts) versions[part] = { version: versions[part].version + 1, by: self }
      await ask({ what: 'adopt', told: parts.map(told) })
    },

    async listFaults() {
      const theirs = await ask<FaultCounts>({ what: 'fault counts' })
      return faults.list(theirs)
    },

    async waiting(kind) {
      const theirs = await ask<number>({ what: 'waiting', kind })
      return theirs.reduce((sum, count) => sum + count, transitions[kind].waiting)
    },

    async decide(kind, id, outcome) {
      if (transitions[kind].decide(id, outcome)) return true
      return (await ask<boolean>({ what: 'decide', kind, id, outcome })).includes(true)
    },

    async share(options) {
      const { topic, memory } = options
      countOthers = options.countOthers
      isShared = memory !== undefined
      if (sharing?.topic === topic || !memory) return
      unshare()
      const others = othersOf(memory, { topic, answer, log: warnings })
      const repeat = () => {
        const mine = allTold(({ by }) => by === self)
        if (mine.length > 0) void others.ask({ what: 'adopt', told: mine })
      }
      sharing = { ...options, others, repeating: setInterval(repeat, repeatMs).unref() }
      faults.countWith(memory)
      await memory.listening()
      for (const all of await ask<Told[]>({ what: 'state' })) for (const each of all) hear(each)
    },

    unshare,
  }
}

const servers = (others: number): string => `${others} more ${others === 1 ? 'uses' : 'use'}`
