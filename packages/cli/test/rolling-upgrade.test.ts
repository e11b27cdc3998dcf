import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { startBalancer } from '@pinfold/test-support/fleet'
import { makeNextVersion, nextStep } from '@pinfold/test-support/next-version'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, seedFile } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

/** A board as a client knows that it is: what it was made as, or was renamed to. */
interface Written {
  name: string
  pins: Set<string>
}

test.skipIf(!isPostgresThere)(
  'two servers are brought to the next version one after the other under load, and nothing is lost or refused',
  { timeout: onThisMachine(120_000) },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-rolling-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const next = makeNextVersion(join(folder, 'next'))
    const { databaseUrl = '', discard } = await postgres.open()
    onTestFinished(discard)
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const database = ['--database-url', databaseUrl]
    const options = ['--port', '0', '--seed', seed, '--storage', join(folder, 'pictures'), '--rate-limits', 'off']
    const start = (name: string, program?: string) =>
      pinfold(['serve', '--data', join(folder, name), '--drain-seconds', '1', ...database, ...options], {
        cwd: folder,
        ...(program && { program }),
      })

    const balancer = await startBalancer()
    onTestFinished(() => balancer.close())
    const nodes = new Map<string, Command>([['one', start('one')]])
    balancer.balance([(await nodes.get('one')?.ready()) ?? ''])
    nodes.set('two', start('two'))
    await nodes.get('two')?.ready()
    const stopBalancing = balanceReady(balancer, nodes)
    onTestFinished(stopBalancing)

    const clients = Array.from({ length: 3 }, (_, i) => clientOf(balancer.url, i))
    await until(() => clients.every(({ written }) => written.size > 1))

    // First the tables, while the earlier version goes on.
    const migrated = pinfold(['migrate', ...database], { cwd: folder, program: next })
    expect(await migrated.ended, migrated.stderr()).toBe(0)
    expect(migrated.stdout()).toBe(`done now\t${nextStep}\n`)
    const rewritten = () => clients.map(({ written }) => written.size)
    const before = rewritten()
    await until(() => rewritten().every((count, i) => count > (before[i] ?? 0)))

    // Then one server after the other.
    for (const name of ['one', 'two']) {
      const { code } = (await nodes.get(name)?.stop()) ?? {}
      expect(code).toBe(0)
      const [newer, count] = [start(name, next), rewritten()]
      await newer.ready()
      nodes.set(name, newer)
      await until(() => rewritten().every((now, i) => now > (count[i] ?? 0)))
    }
    await Promise.all(clients.map((client) => client.stop()))
    stopBalancing()

    expect(clients.flatMap(({ refused }) => refused)).toEqual([])
    for (const command of nodes.values()) {
      const url = await command.ready()
      for (const { written } of clients)
        for (const [id, { name, pins }] of written) {
          expect(await get(url, `/boards/${id}`)).toMatchObject({ name, pin_count: pins.size })
          expect(new Set(await idsOf(url, `/boards/${id}/pins`))).toEqual(pins)
        }
      expect((await idsOf(url, '/boards')).sort()).toEqual(clients.flatMap(({ written }) => [...written.keys()]).sort())
    }
  },
)

/** Has requests go to the servers that say they are ready, as a balancer does. */
function balanceReady(balancer: { balance(urls: readonly string[]): void }, nodes: ReadonlyMap<string, Command>) {
  let isOver = false
  const look = async () => {
    while (!isOver) {
      const urls = await Promise.all(
        [...nodes.values()].map(async (command) => {
          const url = await Promise.race([command.ready(), pause(20).then(() => '')]).catch(() => '')
          const answer = url === '' ? undefined : await fetch(`${url}/_pinfold/ready`).catch(() => undefined)
          await answer?.body?.cancel()
          return answer?.ok ? [url] : []
        }),
      )
      if (urls.flat().length > 0) balancer.balance(urls.flat())
      await pause(20)
    }
  }
  void look()
  return () => {
    isOver = true
  }
}

/** A client that makes, renames and reads boards and Pins, and knows what was acknowledged. */
function clientOf(url: string, number: number) {
  const [written, refused] = [new Map<string, Written>(), [] as string[]]
  let isOver = false
  let keys = 0

  /** Sends a request until it is answered: a creation is carried out once because of its key. */
  async function send(method: string, path: string, body?: object) {
    const headers = {
      ...{ authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' },
      'idempotency-key': `client-${number}-${keys++}`,
    }
    for (;;) {
      const answer = await fetch(`${url}/v5${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined)
      if (answer && answer.status < 300) return JSON.parse(answer.text)
      // A client may send again what had no answer, and what the server says that it cannot take now.
      if (answer && answer.status !== 503) refused.push(`${method} ${path}: ${answer.status} ${answer.text}`)
      await pause(20)
    }
  }

  async function work() {
    for (let i = 0; !isOver; i++) {
      const name = `Board ${i} of ${number}`
      const { id } = await send('POST', '/boards', { name })
      const board: Written = { name, pins: new Set() }
      written.set(id, board)
      if (i % 4 === 0)
        board.pins.add((await send('POST', '/pins', { board_id: id, media_source: await base64Source(number) })).id)
      await send('PATCH', `/boards/${id}`, { name: `${name}, renamed` })
      board.name += ', renamed'
      await send('GET', `/boards/${id}/pins`)
      await pause(60)
    }
  }
  const working = work()
  return {
    ...{ written, refused },
    stop() {
      isOver = true
      return working
    },
  }
}

async function get(url: string, path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${people.alice.token}` }
  return (await fetch(`${url}/v5${path}`, { headers })).json() as Promise<Record<string, unknown>>
}

/** Returns the ids of everything in a list. */
async function idsOf(url: string, path: string): Promise<string[]> {
  const ids: string[] = []
  for (let bookmark: unknown = ''; bookmark !== null; ) {
    const page = await get(url, `${path}?page_size=250${bookmark && `&bookmark=${bookmark}`}`)
    ids.push(...(page.items as { id: string }[]).map(({ id }) => id))
    bookmark = page.bookmark
  }
  return ids
}
