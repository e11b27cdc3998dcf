import { randomOf } from '@pinfold/test-support/random'
import { simulate } from '@pinfold/test-support/simulation'
import { expect, test } from 'vitest'
import { laneDecision, leaseMs, nextAttempt } from '../src/domains/webhooks/rules.ts'

// Servers, a receiver and a network under a simulated clock. A schedule is a seed: which server does something next, who
// crashes, what gets lost. See docs/torture.md.

const [servers, events, dayMs] = [3, 8, 86_400_000]

interface Row {
  seq: number
  object: string
  status: 'waiting' | 'delivered' | 'failed'
  attempts: number
  leased_by: number
  leased_until: number
  next_attempt_at: number
  tried_until: number
}

/** One that is being sent by a server, which remembers it until it crashes. */
interface Sending {
  server: number
  lane: Row[]
  /** What the receiver said of the first, which is not recorded yet; undefined: it was not sent. */
  answer?: boolean
}

/** The product's, unless a test breaks it. */
type Decide = typeof laneDecision

/** Runs a schedule. Returns what is wrong, if anything is. */
function schedule(seed: number, decide: Decide = laneDecision): string | undefined {
  const { next: random, below } = randomOf(seed)
  let [now, isCalm] = [0, false]
  const rows: Row[] = Array.from({ length: events }, (_, seq) => ({
    ...{ seq, object: `pin ${below(2)}`, status: 'waiting', attempts: 0, leased_by: -1, leased_until: 0 },
    ...{ next_attempt_at: 0, tried_until: dayMs },
  }))
  const received: Row[] = []
  let sending: Sending[] = []
  let wrong: string | undefined

  const waiting = (object: string) => rows.filter((row) => row.object === object && row.status === 'waiting')

  function claim(server: number): void {
    const due = rows.filter((row) => row.status === 'waiting' && row.next_attempt_at <= now)
    const object = due[below(due.length)]?.object
    if (object === undefined) return
    const lane = waiting(object)
    const decision = decide(lane[0], { now, machineNow: now })
    if (decision === 'wait')
      for (const row of lane) row.next_attempt_at = Math.max(row.next_attempt_at, lane[0]?.next_attempt_at ?? 0)
    if (decision !== 'take') return
    if (lane.some((row) => row.leased_until > now)) wrong = `${object} is taken while another sends it`
    if ((lane[0]?.next_attempt_at ?? 0) > now) wrong = `${object} is taken before it is due`
    for (const row of lane) Object.assign(row, { leased_by: server, leased_until: now + leaseMs })
    sending.push({ server, lane: [...lane] })
  }

  function goOn(one: Sending): void {
    const [row] = one.lane
    if (!row) {
      sending = sending.filter((other) => other !== one)
      return
    }
    if (one.answer === undefined) {
      // The request may be lost, and so may the answer; the receiver may refuse.
      const [arrives, isAnswered, isTaken] = [
        isCalm || random() < 0.8,
        isCalm || random() < 0.8,
        isCalm || random() < 0.8,
      ]
      if (arrives && isTaken) received.push(row)
      one.answer = arrives && isAnswered && isTaken
      return
    }
    const isOurs = row.leased_by === one.server
    const noLease = { leased_by: -1, leased_until: 0, attempts: row.attempts + 1 }
    if (one.answer) {
      if (isOurs) Object.assign(row, { ...noLease, status: 'delivered' })
      one.lane.shift()
      delete one.answer
      return
    }
    const next = nextAttempt(row, { retryAfterMs: 0 }, now, random)
    if (isOurs)
      Object.assign(row, { ...noLease, ...(next === undefined ? { status: 'failed' } : { next_attempt_at: next }) })
    if (isOurs && next !== undefined)
      for (const other of waiting(row.object)) other.next_attempt_at = Math.max(other.next_attempt_at, next)
    for (const other of one.lane)
      if (other.leased_by === one.server) Object.assign(other, { leased_by: -1, leased_until: 0 })
    sending = sending.filter((other) => other !== one)
  }

  function step(): void {
    const dice = random()
    const one = sending[below(sending.length)]
    if (dice < 0.35) claim(below(servers))
    else if (dice < 0.85) one && goOn(one)
    else if (dice < 0.9 && !isCalm)
      sending = sending.filter(({ server }) => server !== one?.server) // It crashes.
    else now += below(dice < 0.97 ? 1000 : 2 * leaseMs)
    // Those that take long are renewed, unless their server is slow.
    for (const { server, lane } of sending)
      if (isCalm || random() < 0.5)
        for (const row of lane)
          if (row.leased_by === server && row.leased_until - now < (leaseMs * 2) / 3) row.leased_until = now + leaseMs
  }

  for (let i = 0; i < 150; i++) step()
  isCalm = true
  for (let i = 0; i < 3000 && rows.some(({ status }) => status === 'waiting'); i++) step()
  if (wrong !== undefined) return wrong
  if (rows.some(({ status }) => status !== 'delivered')) return `not delivered: ${JSON.stringify(rows)}`
  for (const row of rows) if (!received.includes(row)) return `${row.seq} counts as delivered, and was not received`
  for (const object of new Set(rows.map((row) => row.object))) {
    const firsts = [...new Set(received.filter((row) => row.object === object).map(({ seq }) => seq))]
    if (String(firsts) !== String(firsts.toSorted((a, b) => a - b))) return `out of order: ${firsts}`
  }
  return undefined
}

test('whoever crashes, whatever gets lost, each event is received, and those of one object in order', async () => {
  expect(await simulate(3000, async (seed) => schedule(seed))).toBe(undefined)
})

const mutants: [what: string, decide: Decide, finding: string][] = [
  [
    'what another sends is taken',
    (first, times) => laneDecision(first && { ...first, leased_until: 0 }, times),
    'is taken while another sends it',
  ],
  [
    'a lease never ends',
    (first, times) => (first?.leased_until ? 'leave' : laneDecision(first, times)),
    'not delivered',
  ],
]

test.each(mutants)('it is found when %s', async (_, decide, finding) => {
  expect(await simulate(300, async (seed) => schedule(seed, decide))).toContain(finding)
})
