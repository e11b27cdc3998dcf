import { once } from 'node:events'
import { mkdirSync, readFileSync, watch } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { canMeasure, childrenOf } from '@pinfold/test-support/memory'
import { until } from '@pinfold/test-support/pace'
import { base64Source, picture } from '@pinfold/test-support/pictures'
import { people, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, describe, expect, test } from 'vitest'

if (!canMeasure) console.warn('Which processes a process has started is seen on Linux alone: tests of it are skipped.')

let folder: string
let dataDir: string
let server: TestServer
let board: string
beforeAll(async () => {
  await endEarlierOnes()
  folder = await mkdtemp(join(tmpdir(), 'pinfold-process-'))
  dataDir = join(folder, 'data')
  server = await startTestServer({ ephemeral: false, dataDir })
  board = (await server.post('/boards', { name: 'Processed elsewhere' })).body.id
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})

let hue = 0
const pin = async () => server.post('/pins', { board_id: board, media_source: await base64Source(hue++) })

/** Ends those that the servers of other test files have left waiting for more pictures. */
async function endEarlierOnes(): Promise<void> {
  if (!canMeasure) return
  for (const pid of ownChildren()) process.kill(pid, 'SIGKILL')
  await until(() => ownChildren().length === 0)
}

/** Takes long enough to interrupt. */
async function large(hue: number) {
  const data = (await picture({ width: 4000, height: 3000, hue })).toString('base64')
  return { source_type: 'image_base64', content_type: 'image/jpeg', data }
}

/** Returns the child processes that work on pictures: this process may have others, such as a browser. */
const ownChildren = () =>
  childrenOf(process.pid).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('picture-process'))

/** Returns them, once there are any: pictures are sent until one is left that waits for more, as each that is well does. */
const startedOnes = () =>
  until(async () => {
    if (ownChildren().length === 0) await pin()
    return ownChildren().at(0) && ownChildren()
  })

/** Resolves when the files of a picture begin to be written, on a server with this data folder. */
async function beginsToWrite(dataDir: string): Promise<void> {
  const staging = join(dataDir, 'media/.staging')
  mkdirSync(staging, { recursive: true })
  const watcher = watch(staging)
  await once(watcher, 'change')
  watcher.close()
}

describe.skipIf(!canMeasure)('the process that works on pictures', () => {
  test('gives way to the one that answers requests, and is the same one for the next picture', async () => {
    expect((await pin()).status).toBe(201)
    const [pid = 0, ...more] = await startedOnes()
    expect(more).toEqual([])
    const niceOf = (id: number) => Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[16])
    expect(niceOf(pid)).toBe(10)
    expect(niceOf(process.pid)).toBeLessThan(10)
    expect((await pin()).status).toBe(201)
    expect(await startedOnes()).toEqual([pid])
  })

  test('may be killed in the middle of several pictures: all of them are made', async () => {
    const sources = await Promise.all([1, 2, 3, 4, 5].map(large))
    const [pid = 0] = await startedOnes()
    const begun = beginsToWrite(dataDir)
    const answers = Promise.all(
      sources.map((source) => server.post('/pins', { board_id: board, media_source: source })),
    )
    await begun
    process.kill(pid, 'SIGKILL')
    expect((await answers).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
    await expectSound(dataDir)
  })

  test('a picture that it does not survive twice is refused; others are taken, and nothing is left', async () => {
    const source = await large(6)
    let done = false
    const answer = server.post('/pins', { board_id: board, media_source: source }).finally(() => {
      done = true
    })
    const killed = new Set<number>()
    while (!done) {
      for (const pid of ownChildren()) {
        process.kill(pid, 'SIGKILL')
        killed.add(pid)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('It could not be processed.') },
    })
    expect(killed.size).toBeGreaterThanOrEqual(2)
    expect((await pin()).status).toBe(201)
    await expectSound(dataDir)
  })

  test('ends with a server that is killed, and what it was writing is gone at the next start', async () => {
    const data = join(folder, 'killed')
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const start = async () => {
      const command = pinfold(['serve', '--port', '0', '--data', data, '--seed', seed, '--rate-limits', 'off'])
      const url = `${await command.ready()}/v5`
      const post = (path: string, json: object) =>
        fetch(url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' },
          body: JSON.stringify(json),
        })
      return { command, post }
    }
    const { command, post } = await start()
    const { id } = (await (await post('/boards', { name: 'Cut off' })).json()) as { id: string }
    const sources = await Promise.all([7, 8, 9].map(large))
    const begun = beginsToWrite(data)
    for (const media_source of sources) post('/pins', { board_id: id, media_source }).catch(() => {})
    const server = command.child.pid ?? 0
    await begun
    const pids = childrenOf(server)
    expect(pids).not.toEqual([])
    await command.kill()
    await until(() => pids.every((pid) => !isThere(pid)))
    const next = await start()
    await next.command.stop()
    await expectSound(data)
  })
})

function isThere(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
