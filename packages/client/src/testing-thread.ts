import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { RunningServer } from '@pinfold/server'
import { credentialsOf, emptySeed } from './testing-seed.ts'
import type { Answer, Order, ThreadData } from './testing-talk.ts'

// The server of `startPinfold`, in a thread of its own: it shares neither the test's module loader (Jest has one) nor
// its timers, which tests like to replace.

const { folder, seed, rateLimits, time } = workerData as ThreadData
const data = join(folder, 'data')
/** A copy of the data after the start. */
const kept = join(folder, 'kept')
const say = (answer: Answer) => parentPort?.postMessage(answer)

async function main(): Promise<void> {
  // A third of a start is compiling, unless the compile cache is kept.
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pinfold'))
  const { demoCredentials, startServer } = await import('@pinfold/server')
  const demo = emptySeed(demoCredentials)
  const isFile = seed !== 'empty' && seed !== 'demo'
  const emptyFile = join(folder, 'seed.json')
  if (seed === 'empty') await writeFile(emptyFile, JSON.stringify(demo))
  const start = (port: number, fill?: string): Promise<RunningServer> =>
    startServer({
      port,
      dataDir: data,
      ...(fill !== undefined && { seed: fill }),
      durability: 'relaxed',
      rateLimits,
      ...(time && { clock: { now: () => Number(Atomics.load(time, 0)) } }),
    })

  const filling = await start(0, seed === 'empty' ? emptyFile : seed)
  await filling.close()
  await cp(data, kept, { recursive: true })
  let server = await start(Number(new URL(filling.url).port))
  const credentials = credentialsOf(isFile ? JSON.parse(await readFile(seed, 'utf8')) : demo)
  say({ ready: { url: server.url, credentials } })
  flushCompileCache()

  const carryOut = async (order: Order): Promise<void> => {
    await server.close()
    if (order === 'close') return
    await rm(data, { recursive: true })
    await cp(kept, data, { recursive: true })
    server = await start(Number(new URL(server.url).port))
  }
  parentPort?.on('message', (order: Order) => {
    carryOut(order).then(
      () => say({ done: order }),
      (error: unknown) => say({ failed: String(error) }),
    )
  })
}

main().catch((error: unknown) => {
  const { code, message } = error as Error & { code?: string }
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes('@pinfold/server')
  say({ failed: isMissing ? 'it needs the package @pinfold/server, which is not installed.' : message })
})
