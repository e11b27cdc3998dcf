import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ApiError } from '../src/core/errors.ts'
import { type FairQueueLimits, fairQueue } from '../src/core/fair-queue.ts'

/** One piece of work, and its state. */
interface Piece {
  account: number
  state: 'refused' | 'waiting' | 'running' | 'done' | 'cancelled'
  finish(): void
  cancel(): void
}

const othersTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Makes a queue whose pieces of work end on request; `started` has the pieces in the order of their starts. */
function controlledQueue(limits: FairQueueLimits) {
  const queue = fairQueue(limits)
  const [pieces, started]: [Piece[], Piece[]] = [[], []]
  const add = async (account: number, bytes = 0): Promise<Piece> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const controller = new AbortController()
    const piece: Piece = { account, state: 'waiting', finish: resolve, cancel: () => controller.abort() }
    pieces.push(piece)
    const work = () => {
      piece.state = 'running'
      started.push(piece)
      return promise
    }
    queue.run(account, work, { bytes, signal: controller.signal }).then(
      () => {
        piece.state = 'done'
      },
      (error) => {
        piece.state = error instanceof ApiError ? 'refused' : 'cancelled'
      },
    )
    await othersTurn()
    return piece
  }
  const inState = (state: Piece['state']) => pieces.filter((piece) => piece.state === state)
  return { add, pieces, started, inState }
}

const limits: FairQueueLimits = {
  ...{ running: 3, runningPerAccount: 2, waiting: 12, waitingPerAccount: 6, bytes: 100, bytesPerAccount: 60 },
  refusal: 'Too many.',
}

/** A piece of work arrives, one that runs ends, or one that waits is taken out. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), account: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('finish' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
const steps = fc.array(step, { maxLength: 60 })

/** Carries the steps out; `check` is called after each. */
async function play(list: readonly Step[], check: (queue: ReturnType<typeof controlledQueue>) => void) {
  const queue = controlledQueue(limits)
  for (const each of list) {
    if (each.kind === 'add') await queue.add(each.account)
    else {
      const among = queue.inState(each.kind === 'finish' ? 'running' : 'waiting')
      among.at(each.which % Math.max(1, among.length))?.[each.kind]()
      await othersTurn()
    }
    check(queue)
  }
  return queue
}

const countOf = (pieces: readonly Piece[], account: number) =>
  pieces.filter((piece) => piece.account === account).length

test('never does more run or wait than may, in all and of an account, and no place stays free that one could have', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      await play(list, ({ inState, pieces }) => {
        const [running, waiting] = [inState('running'), inState('waiting')]
        expect(running.length).toBeLessThanOrEqual(limits.running)
        expect(waiting.length).toBeLessThanOrEqual(limits.waiting)
        for (const { account } of pieces) {
          expect(countOf(running, account)).toBeLessThanOrEqual(limits.runningPerAccount)
          expect(countOf(waiting, account)).toBeLessThanOrEqual(limits.waitingPerAccount)
        }
        const couldRun = waiting.filter(({ account }) => countOf(running, account) < limits.runningPerAccount)
        if (running.length < limits.running) expect(couldRun).toEqual([])
      })
    }),
  )
})

test("an account's work runs in the order in which it came, and what was taken out or refused never runs", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const { pieces, started, inState } = await play(list, () => {})
      for (const account of new Set(pieces.map((piece) => piece.account))) {
        const ofAccount = started.filter((piece) => piece.account === account)
        expect(ofAccount).toEqual(pieces.filter((piece) => ofAccount.includes(piece)))
      }
      for (const never of [...inState('cancelled'), ...inState('refused')]) expect(started).not.toContain(never)
    }),
  )
})

test('while an account waits for a place, no other is served twice (12.3)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      /** For each account that waits and could run: the accounts served since then. */
      const seen = new Map<number, number[]>()
      let known = 0
      await play(list, ({ started, inState }) => {
        for (const { account } of started.slice(known)) {
          seen.delete(account)
          for (const others of seen.values()) others.push(account)
        }
        known = started.length
        const running = inState('running')
        const waits = new Set(inState('waiting').map(({ account }) => account))
        for (const account of waits)
          if (!seen.has(account) && countOf(running, account) < limits.runningPerAccount) seen.set(account, [])
        for (const account of seen.keys()) if (!waits.has(account)) seen.delete(account)
        for (const others of seen.values()) expect(others.length).toBe(new Set(others).size)
      })
    }),
  )
})

test('a flood of one account is refused when its share is full, and another account still finds room', async () => {
  const { add, started, inState } = controlledQueue(limits)
  for (let i = 0; i < 20; i++) await add(1)
  expect([inState('running').length, inState('waiting').length, inState('refused').length]).toEqual([2, 6, 12])
  expect((await add(2)).state).toBe('running')
  expect((await add(2)).state).toBe('waiting')
  started[0]?.finish()
  await othersTurn()
  expect(started.map(({ account }) => account)).toEqual([1, 1, 2, 1])
})

test('bytes are bounded as well, and given back', async () => {
  const { add, inState } = controlledQueue(limits)
  const large = await add(1, 50)
  expect((await add(1, 20)).state).toBe('refused')
  expect((await add(2, 50)).state).toBe('running')
  expect((await add(3, 1)).state).toBe('refused')
  large.finish()
  await othersTurn()
  expect((await add(3, 1)).state).toBe('running')
  expect(inState('refused').length).toBe(2)
})

test('who is refused is told when to come back', async () => {
  const queue = fairQueue({ ...limits, waitingPerAccount: 0, runningPerAccount: 0 })
  const refused = queue.run(1, async () => {})
  await expect(refused).rejects.toMatchObject({
    entry: 'rateLimited',
    detail: 'Too many. Try again in 2 s.',
    headers: { 'retry-after': '2' },
  })
})

test('work that fails gives its place back', async () => {
  const queue = fairQueue({ ...limits, running: 1, runningPerAccount: 1 })
  await expect(queue.run(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue.run(2, async () => 'next')).toBe('next')
})
