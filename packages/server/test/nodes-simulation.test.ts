import { type Host, NoAnswer, simulate, type World, worldOf } from '@pinfold/test-support/simulation'
import { expect, test } from 'vitest'
import { goingOn } from '../src/core/go-on.ts'
import { leasesOver } from '../src/domains/nodes/leases.ts'
import { joinOver, type Membership } from '../src/domains/nodes/nodes.ts'
import { aliveMs, type Lease, type LeaseRule } from '../src/domains/nodes/rules.ts'
import type { LeaseRows, NodeRow, NodeRows } from '../src/domains/nodes/store.ts'

// Servers that share a database: who is among them, who does the work for all, and what a server leaves that dies. The code is
// the product's; its rows are in the memory of a simulated database here. See docs/torture.md.

/** What a test breaks, to see that it is found. */
interface Mutant {
  leaseRows?: (rows: LeaseRows) => LeaseRows
  timers?: (host: Host) => Host['timers']
  nodeRows?: (rows: NodeRows) => NodeRows
  isNameKept?: true
}

const [hosts, calmAfterMs, tidyEveryMs] = [3, 60_000, 30_000]

/** Something that takes several steps, each of which counts once: the board of a removal, with its Pins. */
interface Job {
  id: number
  left: number
  effects: number
}

function shared(world: World) {
  let jumped = 0
  const now = () => Math.round(world.now + 1e9 + jumped)
  const nodes = new Map<number, NodeRow>()
  const leases = new Map<string, Lease>()
  const marks = new Set<string>()
  const jobs = new Map<number, Job>()

  const nodeRows = (host: Host): NodeRows => ({
    all: () => host.ask(() => ({ rows: [...nodes.values()].map((row) => ({ ...row })), now: now() })),
    add: (row, forMs) =>
      host.ask(() => {
        const isFree = !nodes.has(row.number)
        if (isFree) nodes.set(row.number, { ...row, joined_at: now(), alive_until: now() + forMs })
        return isFree
      }),
    renew: (name, forMs) =>
      host.ask(() => {
        const row = [...nodes.values()].find((node) => node.name === name)
        if (row) row.alive_until = now() + forMs
        return row?.number
      }),
    remove: (name) => host.ask(() => void removeIf((row) => row.name === name)),
    removeUnchanged: ({ name, alive_until }) =>
      host.ask(() => removeIf((row) => row.name === name && row.alive_until === alive_until)),
  })

  function removeIf(isIt: (row: NodeRow) => boolean): boolean {
    const found = [...nodes.values()].find(isIt)
    return found !== undefined && nodes.delete(found.number)
  }

  const leaseRows = (host: Host): LeaseRows => ({
    change: (work, rule) =>
      host.ask(() => {
        const next = rule(leases.get(work), now())
        if (next) leases.set(work, next)
        return next !== undefined
      }),
  })

  const storage = (host: Host) => ({
    addMark: (name: string) => host.ask(() => void marks.add(name)),
    hasMark: (name: string) => host.ask(() => marks.has(name)),
    removeMark: (name: string) => host.ask(() => void marks.delete(name)),
  })

  return {
    ...{ nodes, marks, jobs, nodeRows, leaseRows, storage },
    /** Another database takes over, whose clock differs. */
    jump: () => {
      jumped = world.random.below(1000) - 500
    },
  }
}

async function schedule(seed: number, mutant: Mutant = {}): Promise<string | undefined> {
  const world = worldOf(seed)
  const { random } = world
  const database = shared(world)
  /** Who does the work for all, as far as it knows. */
  const working = new Map<Host, AbortSignal>()
  /** Each server's number, and when it asked last for what was granted. */
  const members = new Map<Host, { node: Membership; heardAt: number }>()
  let [names, ids, tidied] = [0, 0, 0]

  function serve(host: Host): void {
    const timers = mutant.timers?.(host) ?? host.timers
    /** A statement that takes so long. */
    const statement = (ms: number) => host.ask(() => new Promise<void>((resolve) => world.after(ms, resolve)))

    const finish = goingOn(async (job: Job) => {
      while (
        await host.ask(() => {
          if (job.left > 0) job.effects++
          job.left = Math.max(0, job.left - 1)
          return job.left > 0
        })
      );
      await host.ask(() => void database.jobs.delete(job.id))
    }, host.timers)
    const finishAll = async () => {
      for (const job of await host.ask(() => [...database.jobs.values()])) await finish(job)
    }

    /** What one does for all. */
    async function tidy(signal: AbortSignal): Promise<void> {
      working.set(host, signal)
      try {
        for (let steps = random.below(12); steps >= 0 && !signal.aborted; steps--) {
          for (const [other, theirs] of working)
            if (other !== host && other.isUp && !other.isFrozen && !theirs.aborted)
              world.fail(`${host.name} and ${other.name} both hold the lease`)
          await statement(random.below(4000))
        }
      } finally {
        if (working.get(host) === signal) working.delete(host)
      }
      await finishAll()
      tidied++
    }

    const rows = database.nodeRows(host)
    const watched: NodeRows = {
      ...rows,
      async renew(name, forMs) {
        const askedAt = world.now
        const number = await rows.renew(name, forMs)
        const member = members.get(host)
        if (member && number !== undefined) member.heardAt = askedAt
        return number
      },
    }

    async function join(): Promise<void> {
      const askedAt = world.now
      const node = await joinOver(
        {
          rows: mutant.nodeRows?.(watched) ?? watched,
          timers,
          newName: () => (mutant.isNameKept ? host.name : `${host.name} ${names++}`),
        },
        {
          storage: database.storage(host),
          ...{ storageName: 'one', address: host.name, log: { info: () => {}, warn: () => {} } },
        },
      )
      members.set(host, { node, heardAt: askedAt })
      node.whenOthersDie(finishAll)
      await finishAll().catch(() => {})
      const leaseRows = database.leaseRows(host)
      const leases = leasesOver(mutant.leaseRows?.(leaseRows) ?? leaseRows, node.name, timers)
      let tidying = Promise.resolve()
      host.timers.every(tidyEveryMs / 3, () => {
        tidying = tidying.then(() => leases.run('tidy', tidyEveryMs, tidy)).catch(() => {})
      })
      // It begins something, now and then, and finishes it unless it dies.
      host.timers.every(15_000, () => {
        if (isCalm) return
        const job = { id: ids++, left: 1 + random.below(4), effects: 0 }
        const size = job.left
        begun.push({ job, size })
        host
          .ask(() => void database.jobs.set(job.id, job))
          .then(
            () => finish(job).catch(() => {}),
            () => {},
          )
      })
    }
    join().catch((error) => {
      if (!(error instanceof NoAnswer)) lookAtRefusal(host, error)
      // Whoever starts servers starts it again.
      host.crash()
      world.after(1000, () => host.isUp || host.start(() => serve(host)))
    })
  }

  let isCalm = false
  const begun: { job: Job; size: number }[] = []
  const all = Array.from({ length: hosts }, (_, i) => world.host(`server ${i}`))
  for (const host of all) host.start(() => serve(host))

  function mishap(): void {
    if (isCalm) return
    const host = random.pick(all)
    const dice = random.next()
    if (dice < 0.4) {
      host?.crash()
      if (host) working.delete(host)
      if (host) members.delete(host)
      world.after(random.below(30_000), () => host?.isUp || host?.start(() => serve(host)))
    } else if (dice < 0.8) host?.freeze(random.below(45_000))
    else database.jump()
    world.after(random.below(20_000), mishap)
  }
  world.after(random.below(20_000), mishap)

  /** For some seconds there may seem to be a server that gave up while its registration was on its way. */
  function lookAtRefusal(host: Host, error: Error): void {
    const isLacking = ([other, { node }]: [Host, { node: Membership; heardAt: number }]) =>
      other.isUp && !other.isFrozen && isKnown(node.name) && !database.marks.has(node.name)
    if ([...members].some(isLacking)) world.fail(`${host.name} is refused: ${error.message}`)
  }
  const isKnown = (name: string) => [...database.nodes.values()].some((row) => row.name === name)

  /** Those that were not held up for longer than others wait have numbers of their own. */
  function lookAtNumbers(): void {
    const known = [...members].filter(([host, { heardAt }]) => host.isUp && world.now - heardAt < aliveMs * 0.9)
    const numbers = known.map(([, member]) => member.node.number)
    if (new Set(numbers).size < numbers.length) world.fail(`two servers have the same number: ${numbers}`)
    world.after(2500, lookAtNumbers)
  }
  lookAtNumbers()

  await world.pass(calmAfterMs)
  isCalm = true
  world.calmDown()
  // What was late arrives, leases end, and the work for all is done again.
  const before = tidied
  const known = () => [...database.nodes.values()].map(({ address }) => address).sort()
  const expected = String(all.map(({ name }) => name))
  const isWell = () => tidied > before + 1 && database.jobs.size === 0 && String(known()) === expected
  await world.pass(180_000, isWell)
  if (world.wrong !== undefined) return world.wrong
  if (!isWell())
    return `${tidied - before} times tidied, known are ${known()}, not finished: ${JSON.stringify([...database.jobs.values()])}`
  for (const { job, size } of begun)
    if (job.effects !== size - job.left) return `of ${size} steps ${job.left} are left, and ${job.effects} counted`
  return undefined
}

test('whoever dies, stands still or is not heard, one server does the work for all, and what others left is finished', async () => {
  expect(await simulate(400, (seed) => schedule(seed))).toBe(undefined)
})

const changed = (rule: (rule: LeaseRule, lease: Lease | undefined, now: number) => ReturnType<LeaseRule>) => ({
  leaseRows: (rows: LeaseRows): LeaseRows => ({
    change: (work, right) => rows.change(work, (lease, now) => rule(right, lease, now)),
  }),
})

const mutants: [what: string, mutant: Mutant, finding: string][] = [
  [
    'a lease that another has is taken',
    changed((rule, lease, now) => rule(lease && { ...lease, leased_until: 0 }, now)),
    'both hold the lease',
  ],
  [
    'a server that hears nothing of its lease goes on',
    { timers: (host) => ({ ...host.timers, after: (ms, call) => host.timers.after(ms * 4, call) }) },
    'both hold the lease',
  ],
  [
    'a lease is never left',
    changed((rule, lease, now) => {
      const next = rule(lease, now)
      return next?.leased_until === 0 ? { ...next, leased_until: now + 1e9 } : next
    }),
    'times tidied',
  ],
  [
    'a server that joins again keeps its name, whose mark others are removing',
    { isNameKept: true },
    'which is another place',
  ],
  [
    'two servers may take one number',
    { nodeRows: (rows) => ({ ...rows, add: async (row, forMs) => (await rows.add(row, forMs)) || true }) },
    'the same number',
  ],
]

test.each(mutants)('it is found when %s', async (_, mutant, finding) => {
  expect(await simulate(400, (seed) => schedule(seed, mutant))).toContain(finding)
})
