import { setTimeout as pause } from 'node:timers/promises'
import { type Random, randomOf } from '@pinfold/test-support/random'
import type { Receiver } from './receiver.ts'
import type { Fault, SetUp } from './set-up.ts'

/** Returns everything that can go wrong in a set-up. */
export function faultsOf({ nodes, wires, faults }: SetUp, receiver: Receiver): Fault[] {
  const kill: Fault = {
    name: 'a server is killed',
    weight: 5,
    ends: true,
    async happen(random) {
      const node = random.pick(nodes)
      await node?.end('SIGKILL')
      await pause(random.below(1500))
      await node?.start()
      // Sometimes again, before it has tidied up.
      if (random.chance(0.2)) {
        await node?.end('SIGKILL')
        await node?.start()
      }
    },
  }
  const restart: Fault = {
    name: 'a server is stopped and started',
    weight: 2,
    ends: true,
    async happen(random) {
      const node = random.pick(nodes)
      await node?.end('SIGTERM')
      await node?.start()
    },
  }
  const freeze: Fault = {
    name: 'a server stands still',
    weight: 2,
    async happen(random) {
      const node = random.pick(nodes)
      node?.signal('SIGSTOP')
      await pause(500 + random.below(4000))
      node?.signal('SIGCONT')
    },
  }
  const cut: Fault = {
    name: 'all connections break',
    weight: 4,
    happen: async (random) => random.pick(wires)?.cut(),
  }
  const cutRequests: Fault = {
    name: 'connections break within a request',
    weight: 4,
    happen: async (random) => random.pick(wires)?.breakNext(1 + random.below(10), 'request'),
  }
  const loseAnswers: Fault = {
    name: 'answers are lost',
    weight: 4,
    happen: async (random) => random.pick(wires)?.breakNext(1 + random.below(10), 'answer'),
  }
  const clock: Fault = {
    name: 'a clock jumps',
    weight: 2,
    async happen(random) {
      const wire = random.pick(wires)
      const url = `http://127.0.0.1:${wire?.port}/_pinfold/clock`
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ by: `${1 + random.below(3600)}s` })
      await fetch(`${url}/advance`, { method: 'POST', headers, body }).catch(() => {})
      await pause(random.below(5000))
      // Back again, as a machine's clock that is set right.
      await fetch(url, { method: 'PUT', headers, body: '{}' }).catch(() => {})
    },
  }
  const deaf: Fault = {
    name: 'the receiver of webhooks fails',
    weight: 1,
    async happen(random) {
      receiver.fail(true)
      await pause(500 + random.below(5000))
      receiver.fail(false)
    },
  }
  return [kill, restart, freeze, cut, cutRequests, loseAnswers, clock, deaf, ...faults]
}

/** One fault of a schedule: `after` milliseconds, when the one before is over. */
export interface Scheduled {
  fault: Fault
  after: number
  random: Random
}

/** Yields faults, in the order that the random numbers give. In the last third no server is ended: memory is looked at. */
export function* scheduleOf(all: readonly Fault[], random: Random, ms: number): Generator<Scheduled> {
  const begun = Date.now()
  for (let count = 0; ; count++) {
    const [after, dice, stream] = [random.below(4000), random.next(), random.below(2 ** 30)]
    const may = Date.now() - begun < (ms * 2) / 3 ? all : all.filter(({ ends }) => !ends)
    const fault = chosen(may, dice)
    yield { fault, after, random: randomOf(stream, count) }
  }
}

function chosen(faults: readonly Fault[], dice: number): Fault {
  let left = dice * faults.reduce((sum, { weight }) => sum + weight, 0)
  for (const fault of faults) {
    left -= fault.weight
    if (left < 0) return fault
  }
  return faults[0] as Fault
}
