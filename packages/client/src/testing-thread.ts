import { readFile, writeFile } from 'node:fs/promises'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { credentialsOf, emptySeed } from './testing-seed.ts'
import type { Answer, Order, ThreadData } from './testing-talk.ts'

// The server of `startPinfold`, in a thread of its own: it shares neither the test's module loader (Jest has one) nor
// its timers, which tests like to replace.

const { folder, seed, rateLimits, time } = workerData as ThreadData
const data = join(folder, 'data')
const say = (answer: Answer) => parentPort?.postMessage(answer)

async function main(): Promise<void> {
  // A third of a start is compiling, unless the compile cache is kept.
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pinfold'))
  const { demoCredentials, startServer } = await import('@pinfold/server')
  const demo = emptySeed(demoCredentials)
  const isFile = seed !== 'empty' && seed !== 'demo'
  const emptyFile = join(folder, 'seed.json')
  if (seed === 'empty') await writeFile(emptyFile, JSON.stringify(demo))
  const server = await startServer(
    {
      port: 0,
      dataDir: data,
      seed: seed === 'empty' ? emptyFile : seed,
      durability: 'relaxed',
      rateLimits,
      ...(time && { clock: { now: () => Number(Atomics.load(time, 0)) } }),
    },
    // Node's fetch does not answer on a connection from before a test replaced its timers.
    (app) => app.addHook('onSend', async (_request, reply) => void reply.header('connection', 'close')),
  )
  const credentials = credentialsOf(isFile ? JSON.parse(await readFile(seed, 'utf8')) : demo)
  say({ ready: { url: server.url, credentials } })
  flushCompileCache()

  const carryOut = (order: Order): Promise<void> => (order === 'close' ? server.close() : reset(server.url))
  parentPort?.on('message', (order: Order) => {
    carryOut(order).then(
      () => say({ done: order }),
      (error: unknown) => say({ failed: String(error) }),
    )
  })
}

/** Asks the server itself. It is asked from here, since tests replace the `fetch` of their own thread. */
async function reset(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/_pinfold/reset`, { method: 'POST', headers, body: '{"confirm":true}' })
  if (!answer.ok) throw new Error(await answer.text())
}

main().catch((error: unknown) => {
  const { code, message } = error as Error & { code?: string }
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes('@pinfold/server')
  say({ failed: isMissing ? 'it needs the package @pinfold/server, which is not installed.' : message })
})
