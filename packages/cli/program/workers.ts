import cluster, { type Worker } from 'node:cluster'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** What `pinfold serve --workers` needs of its options. */
export interface WorkersOptions {
  workers: number
  data: string
  ephemeral: boolean
  databaseUrl?: string
  storage?: string
  drainSeconds?: number
}

/** One that ends by itself again and again is begun again at this pace. */
const pauseMs = 1000
const numberVariable = 'PINFOLD_WORKER_NUMBER'

/** Whether this process is a worker of `runWorkers`. */
export const isWorker = (): boolean => cluster.isWorker && process.env[numberVariable] !== undefined

/** Returns why these options do not go with several workers; undefined if they do. */
export function whyNoWorkers({ databaseUrl, ephemeral }: WorkersOptions): string | undefined {
  if (ephemeral) return '--workers does not go with --ephemeral: each would keep pictures of its own.'
  if (databaseUrl === undefined)
    return '--workers needs --database-url: the embedded database is for one process. One that reads from memory answers more than several that do not.'
  return undefined
}

/**
 * Returns the options of this worker. Each is a node with a data folder of its own, for what it has under way; pictures
 * and videos are in one place for all.
 */
export function workerOptions<Options extends WorkersOptions>(options: Options): Options {
  const { data, storage = join(data, 'media') } = options
  return { ...options, storage, data: join(data, 'workers', process.env[numberVariable] ?? '') }
}

/** Tells the process that started this worker that it serves, with the text for people. */
export const tellReady = (text: string): boolean => process.send?.({ ready: text }) ?? false

/**
 * Runs the program once more in each of several processes, which share the port, and begins anew one that ends by itself.
 * Prints what the first says once all serve. Returns the exit code when all have ended: after `stopped`, or because one
 * could not even begin.
 */
export async function runWorkers(options: WorkersOptions, stopped: Promise<void>): Promise<ExitCode> {
  const ended = Promise.withResolvers<ExitCode>()
  const running = new Map<number, Worker>()
  const texts = new Map<number, string>()
  let isStopping = false
  let exitCode: ExitCode = exitCodes.done

  const stop = () => {
    isStopping = true
    for (const worker of running.values()) worker.process.kill('SIGTERM')
    if (running.size === 0) ended.resolve(exitCode)
  }

  const begin = (number: number) => {
    const worker = cluster.fork({ [numberVariable]: String(number) })
    running.set(number, worker)
    worker.on('message', ({ ready }: { ready?: string }) => {
      if (ready === undefined || texts.has(number)) return
      texts.set(number, ready)
      if (texts.size === options.workers) console.log(texts.get(1))
    })
    worker.once('exit', async (code, signal) => {
      running.delete(number)
      if (isStopping) {
        if (running.size === 0) ended.resolve(exitCode)
      } else if (!texts.has(number)) {
        // It has said why; the others could not begin either, or would be fewer than was asked for.
        exitCode = code === exitCodes.usage ? exitCodes.usage : exitCodes.failed
        stop()
      } else {
        console.error(`pinfold: worker ${number} ended (${signal ?? code}); it begins again.`)
        await delay(pauseMs)
        if (!isStopping) begin(number)
      }
    })
  }

  for (let number = 1; number <= options.workers; number++) begin(number)
  void stopped.then(stop)
  return ended.promise
}
