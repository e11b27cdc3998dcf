import { type Host, NoAnswer, simulate, worldOf } from '@pinfold/test-support/simulation'
import { expect, test } from 'vitest'
import { ApiError } from '../src/core/errors.ts'
import { idempotencyOver, type KeptKeys, keyTtlMs } from '../src/domains/idempotency/idempotency.ts'
import type { KeyRow } from '../src/domains/idempotency/store.ts'

// Clients that send the same creation again and again, with its key, to servers that crash, over a network that loses
// requests and answers; and a database whose transactions wait for each other, or, if one server has it for itself, which
// others read before it is on the disk, and lose with the power. The code is the product's. See docs/torture.md.

/** What a test breaks, to see that it is found. */
type Mutant = (kept: KeptKeys<Tx>) => KeptKeys<Tx>

interface Thing {
  id: number
  name: string
}

/** What a transaction is about to write, and the names that nobody else may take meanwhile. */
interface Tx {
  things: Thing[]
  keys: KeyRow[]
  holds: Set<string>
  state: 'open' | 'committed' | 'undone'
}

/** The name or the key is another's. */
class Taken extends Error {}
const taken = new Taken()
const connectionLost = new NoAnswer('The transaction was undone.')

/** A database: what is committed, and, on a disk of its own, what would outlive the power. */
class Stored {
  things: Thing[] = []
  keys = new Map<string, KeyRow>()
  readonly #waiting = new Map<string, (() => void)[]>()
  readonly #held = new Map<string, Tx>()
  #durable: { things: Thing[]; keys: Map<string, KeyRow> } = { things: [], keys: new Map() }
  #unsettled: (() => void)[] = []
  readonly #flushSoon: (flush: () => void) => void

  constructor(flushSoon: (flush: () => void) => void) {
    this.#flushSoon = flushSoon
  }

  /** Resolves when the transaction alone has a name, until it ends. */
  async hold(tx: Tx, name: string): Promise<void> {
    while (this.#held.has(name) && this.#held.get(name) !== tx)
      await new Promise<void>((resolve) => {
        this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve])
      })
    if (tx.state !== 'open') throw taken
    this.#held.set(name, tx)
    tx.holds.add(name)
  }

  end(tx: Tx, state: 'committed' | 'undone'): void {
    if (tx.state === 'undone' && state === 'committed') throw connectionLost
    if (tx.state !== 'open') return
    tx.state = state
    if (state === 'committed') {
      this.things.push(...tx.things)
      for (const row of tx.keys) this.keys.set(row.key_hash, row)
    }
    for (const name of tx.holds) {
      if (this.#held.get(name) !== tx) continue
      this.#held.delete(name)
      for (const goOn of this.#waiting.get(name) ?? []) goOn()
      this.#waiting.delete(name)
    }
  }

  /** Resolves when what is committed now is on the disk. */
  settled = (): Promise<void> =>
    new Promise((resolve) => {
      if (this.#unsettled.push(resolve) === 1) this.#flushSoon(() => this.#flush())
    })

  #flush(): void {
    this.#durable = { things: [...this.things], keys: new Map(this.keys) }
    for (const resolve of this.#unsettled.splice(0)) resolve()
  }

  losePower(): void {
    this.things = [...this.#durable.things]
    this.keys = new Map(this.#durable.keys)
    this.#unsettled = []
    this.#held.clear()
    this.#waiting.clear()
  }
}

const [clients, chaosMs] = [5, 20_000]

async function schedule(seed: number, mutant: Mutant = (kept) => kept): Promise<string | undefined> {
  const world = worldOf(seed)
  const { random } = world
  // One server with the database to itself, or three that share one.
  const isAlone = random.chance(0.5)
  const stored = new Stored((flush) => world.after(random.below(300), flush))
  const hosts = Array.from({ length: isAlone ? 1 : 3 }, (_, i) => world.host(`server ${i}`))
  const serving = new Map<Host, (key: string, name: string) => Promise<string>>()
  let [ids, isCalm] = [0, false]

  function serve(host: Host): void {
    const clock = { now: () => Math.round(host.now() + 1e12) }
    const ask = <T>(work: () => T | Promise<T>): Promise<T> => (isAlone ? host.do(work) : host.ask(work))
    const settled = () => (isAlone ? ask(stored.settled) : Promise.resolve())

    async function write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      for (let tries = 1; ; tries++) {
        const tx: Tx = { things: [], keys: [], holds: new Set(), state: 'open' }
        // Of a server that is gone, the database notices after a while.
        world.after(30_000, () => stored.end(tx, 'undone'))
        try {
          const value = await work(tx)
          await ask(() => stored.end(tx, 'committed'))
          await settled()
          return value
        } catch (error) {
          await ask(() => stored.end(tx, 'undone')).catch(() => {})
          // A connection that was lost is no reason to give up, though nobody knows whether the end was reached.
          if (tries === 4 || !(error instanceof Taken || (error instanceof NoAnswer && random.chance(0.5)))) throw error
        }
      }
    }

    const kept: KeptKeys<Tx> = {
      settled,
      write,
      store: {
        find: ({ keyHash, since }) =>
          ask(() => {
            const row = stored.keys.get(keyHash)
            return row && row.created_at > since ? row : undefined
          }),
        insert: (tx, row, since) =>
          ask(async () => {
            await stored.hold(tx, `key ${row.key_hash}`)
            const before = stored.keys.get(row.key_hash)
            if (before && before.created_at > since) return false
            tx.keys.push(row)
            return true
          }),
        deleteOld: (_tx, since) =>
          ask(() => {
            for (const [key, row] of stored.keys) if (row.created_at <= since) stored.keys.delete(key)
          }),
      },
    }
    const idempotency = idempotencyOver(mutant(kept), clock)
    const forget = () => {
      idempotency.forgetOld().catch(() => {})
      host.timers.after(isCalm ? 3_600_000 : 3000, forget)
    }
    forget()

    serving.set(host, async (key, name) => {
      const made = await idempotency.once<Thing, Thing>(
        {
          caller: { accountId: 1, appId: 1 },
          viewer: { accountId: 1, username: 'one', secret: 'write' },
          key,
          content: name,
        },
        {
          make: (written) =>
            write(async (tx) => {
              const thing = { id: ids++, name }
              await ask(async () => {
                await stored.hold(tx, `name ${name}`)
                if (stored.things.some((other) => other.name === name)) throw new ApiError('boardNameTaken')
                tx.things.push(thing)
              })
              await written?.(tx, thing)
              return thing
            }),
          show: (thing) => thing,
          see: () => {},
        },
      )
      return made.text
    })
  }

  for (const host of hosts) host.start(() => serve(host))
  function mishap(): void {
    if (isCalm) return
    const host = random.pick(hosts)
    host?.crash()
    if (host) serving.delete(host)
    if (isAlone) stored.losePower()
    world.after(random.below(3000), () => host?.isUp || host?.start(() => serve(host)))
    world.after(random.below(10_000), mishap)
  }
  world.after(random.below(5000), mishap)

  /** A client and the network between: it sends its creation until it is answered, sometimes twice at once, and again later. */
  const answers = new Map<string, Set<string>>()
  let open = 0
  function client(key: string, name: string): void {
    const own = world.host(`client of ${key}`)
    open++
    const send = async (): Promise<void> => {
      const host = random.pick(hosts)
      try {
        const answer = await own.ask(() => {
          const server = host && serving.get(host)
          if (!server) throw new NoAnswer()
          return server(key, name)
        })
        answers.set(key, (answers.get(key) ?? new Set()).add(answer))
      } catch (error) {
        if (error instanceof ApiError) world.fail(`the creation of ${key} is refused: ${error.message}`)
        await new Promise<void>((resolve) => world.after(random.below(2000), resolve))
        return send()
      }
    }
    /** Whoever sends does not wait for an answer that a crash took away. */
    const sendImpatiently = (): Promise<void> =>
      Promise.race([send(), new Promise<void>((resolve) => world.after(6000, resolve))]).then(() =>
        answers.has(key) ? undefined : sendImpatiently(),
      )
    own.start(async () => {
      if (random.chance(0.3)) void send()
      await sendImpatiently()
      if (random.chance(0.3)) {
        await new Promise<void>((resolve) => world.after(random.below(keyTtlMs / 12), resolve))
        await send()
      }
      open--
    })
  }
  for (let i = 0; i < clients; i++) world.after(random.below(chaosMs / 2), () => client(`key ${i}`, `thing ${i}`))

  await world.pass(chaosMs)
  isCalm = true
  world.calmDown()
  await world.pass(keyTtlMs / 2, () => open === 0)
  if (world.wrong !== undefined) return world.wrong
  if (open > 0) return `${open} clients have no answer`
  for (let i = 0; i < clients; i++) {
    const made = stored.things.filter(({ name }) => name === `thing ${i}`).map((thing) => JSON.stringify(thing))
    const told = [...(answers.get(`key ${i}`) ?? [])]
    if (made.length !== 1 || String(made) !== String(told)) return `made was ${made}, and told ${told}`
  }
  return undefined
}

test('however often a creation is sent, whoever crashes and whatever gets lost, it is carried out once', async () => {
  expect(await simulate(1000, (seed) => schedule(seed))).toBe(undefined)
})

const mutants: [what: string, mutant: Mutant, finding: string][] = [
  [
    'a key is written though it is there',
    (kept) => ({ ...kept, store: { ...kept.store, insert: async () => true } }),
    'is refused',
  ],
  [
    'an answer is repeated before what it tells of is on the disk',
    (kept) => ({ ...kept, settled: async () => {} }),
    'made was',
  ],
  [
    'keys are forgotten early',
    (kept) => ({
      ...kept,
      store: { ...kept.store, deleteOld: (tx, since) => kept.store.deleteOld(tx, since + keyTtlMs) },
    }),
    'is refused',
  ],
]

test.each(mutants)('it is found when %s', async (_, mutant, finding) => {
  expect(await simulate(2000, (seed) => schedule(seed, mutant))).toContain(finding)
})
