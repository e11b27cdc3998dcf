import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { databases } from '@pinfold/test-support/databases'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { people, seedFile } from '@pinfold/test-support/server'
import { type Received, startReceiver, verify, type WebhookReceiver } from '@pinfold/test-support/webhook-receiver'
import { describe, expect, onTestFinished, test } from 'vitest'

const webhooks = 20
const boards = 25
const changesPerBoard = 20
/** Acknowledged changes at which the server is killed, and at which the receiver is. */
const serverKills = [150, 350]
const receiverKills = [100, 250, 400]

/** A server in a process of its own has no database of this one. */
const shareable = databases.filter(({ name }) => !name.includes('PGlite'))

describe.each(shareable)('webhooks, killed, on $name', ({ name, open }) => {
  test(
    'of ten thousand deliveries none is lost, each is signed, and those of one board are in order',
    async () => {
      const place = await placeForServers(open)
      await using receiver = await startReceiver()
      // PostgreSQL may have several servers: one after the other is killed.
      const servers = [new Server(place), ...(name === 'SQLite' ? [] : [new Server(place, 1)])]
      const secrets = await makeWebhooks(servers[0] as Server, receiver)

      let acknowledged = 0
      let restarting: Promise<unknown> = Promise.resolve()
      const changed = await changeBoards(servers, () => {
        acknowledged++
        const kill = serverKills.indexOf(acknowledged)
        if (kill !== -1) servers[kill % servers.length]?.killAndStart()
        if (receiverKills.includes(acknowledged))
          restarting = restarting.then(() =>
            receiver
              .stop()
              .then(() => pause(300))
              .then(receiver.start),
          )
      })
      await restarting
      expect(changed.flatMap(({ done }) => done).length * webhooks).toBe(10_000)
      await allTold(receiver, secrets, changed)
      for (const [path, secret] of secrets) {
        const messages = receiver.at(path)
        for (const message of messages) verify(message, secret)
        // What came again came in order, too, but after what it was before.
        const firsts = [...new Map(messages.toReversed().map((message) => [message.id, message])).values()].toReversed()
        for (const { id } of changed) expectOrder(numbersOf(firsts, id))
      }
    },
    onThisMachine(60_000),
  )
})

describe.each(shareable.filter(({ name }) => name !== 'SQLite'))('webhooks of two servers on $name', ({ open }) => {
  test(
    'are told each event once, in order, while nobody is killed',
    async () => {
      const place = await placeForServers(open)
      await using receiver = await startReceiver()
      const servers = [new Server(place), new Server(place, 1)]
      const secrets = await makeWebhooks(servers[0] as Server, receiver)
      const changed = await changeBoards(servers, () => {})
      await allTold(receiver, secrets, changed)
      for (const path of secrets.keys()) for (const { id } of changed) expectOrder(numbersOf(receiver.at(path), id))
    },
    onThisMachine(60_000),
  )
})

const numbersOf = (messages: readonly Received[], id: string): number[] =>
  messages.filter(({ data }) => data.id === id).map(({ data }) => Number(data.description))

/** Fails unless each number is larger than the one before. */
function expectOrder(numbers: readonly number[]): void {
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
}

/** Where servers have their data, until the test has ended. */
interface Place {
  folder: string
  /** What all servers are started with. */
  args: string[]
  /** What ends with the test. */
  running: Set<Command>
}

async function placeForServers(open: (typeof databases)[number]['open']): Promise<Place> {
  const { discard, databaseUrl } = await open()
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-webhooks-'))
  const running = new Set<Command>()
  onTestFinished(async () => {
    for (const command of running) await command.kill()
    await rm(folder, { recursive: true, force: true })
    await discard()
  })
  await writeFile(join(folder, 'seed.json'), JSON.stringify(seedFile([])))
  const seed = ['--seed', join(folder, 'seed.json'), '--rate-limits', 'off']
  const shared = databaseUrl === undefined ? [] : ['--database-url', databaseUrl, '--storage', join(folder, 'media')]
  return { folder, args: [...seed, ...shared], running }
}

let started: Promise<unknown> = Promise.resolve()

/** A server in a process of its own. */
class Server {
  readonly #place: Place
  readonly #data: string
  #command: Command | undefined
  #url: Promise<string>

  constructor(place: Place, number = 0) {
    this.#place = place
    this.#data = join(place.folder, `data-${number}`)
    this.#url = this.#start()
  }

  /** Starts it when the one before has started: only one fills a database. */
  #start(): Promise<string> {
    const url = started.then(() => {
      this.#command = pinfold(['serve', '--port', '0', '--data', this.#data, ...this.#place.args])
      this.#place.running.add(this.#command)
      return this.#command.ready()
    })
    started = url
    return url
  }

  killAndStart(): void {
    const killed = this.#command?.kill() ?? Promise.resolve()
    this.#url = killed.then(() => this.#start())
  }

  /** Sends a request; undefined when the server was killed before it answered. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer, as JSON
  async send(method: string, path: string, body: object): Promise<any> {
    const at = await this.#url
    const response = await fetch(at + path, {
      method,
      headers: { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => undefined)
    const answer = await response?.json().catch(() => undefined)
    if (answer !== undefined) expect(response?.status, JSON.stringify(answer)).toBeLessThan(300)
    return answer
  }
}

/** Makes webhooks, each with a path of its own at a receiver, and returns their secrets by these. */
async function makeWebhooks(server: Server, receiver: WebhookReceiver): Promise<Map<string, string>> {
  const paths = Array.from({ length: webhooks }, (_, i) => `/${i}`)
  const made = paths.map(async (path) => {
    const given = { url: receiver.url + path, events: ['board.created', 'board.changed'] }
    return [path, (await server.send('POST', '/_pinfold/webhooks', given)).secret] as const
  })
  return new Map(await Promise.all(made))
}

/** A board, and the changes of it that were acknowledged, by numbers. */
interface ChangedBoard {
  id: string
  done: number[]
}

/** Changes boards, all at once, each many times. What was not answered may have happened or not. */
function changeBoards(servers: readonly Server[], onAcknowledged: () => void): Promise<ChangedBoard[]> {
  const change = async (i: number): Promise<ChangedBoard> => {
    const { id } = await (servers[0] as Server).send('POST', '/v5/boards', { name: `Board ${i}` })
    const done: number[] = []
    for (let number = 1; done.length < changesPerBoard; number++) {
      const server = servers[number % servers.length] as Server
      if (await server.send('PATCH', `/v5/boards/${id}`, { description: String(number) })) {
        done.push(number)
        onAcknowledged()
      }
    }
    return { id, done }
  }
  return Promise.all(Array.from({ length: boards }, (_, i) => change(i)))
}

/** Waits until everything that was acknowledged was told to each webhook. */
async function allTold(
  receiver: WebhookReceiver,
  secrets: ReadonlyMap<string, string>,
  changed: readonly ChangedBoard[],
): Promise<void> {
  const wanted = new Set(changed.flatMap(({ id, done }) => done.map((number) => `${id} ${number}`)))
  const told = (path: string) => new Set(receiver.at(path).map(({ data }) => `${data.id} ${data.description}`))
  await until(() => [...secrets.keys()].every((path) => wanted.isSubsetOf(told(path))), { intervalMs: 200 })
}
