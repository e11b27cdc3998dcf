import type { RunningServer, ServerConfig } from '@pinfold/server'
import { Command } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { findNpm, npmEnd } from './npm-process.ts'
import { readyText, warningText } from './ready.ts'
import { serveOptions } from './serve-options.ts'
import { isWorker, runWorkers, tellReady, whyNoWorkers, workerOptions } from './workers.ts'

interface ServeOptions extends Omit<ServerConfig, 'dataDir' | 'ephemeral' | 'log' | 'clock' | 'database'> {
  data: string
  ephemeral?: boolean
  writeEnv?: string
  workers: number
}

/** How long requests in progress may take after SIGTERM: less than 5 seconds, with time to spare on a busy machine. */
const shutdownMs = 3000

/** Threads for files. Node's default of four can all be waiting for the disk while somebody asks for a picture. */
const poolThreads = 16

const helpAfterOptions = `
Each option is also an environment variable, as named above.

Examples:
  $ pinfold serve                                     # demo data, on http://127.0.0.1:4000
  $ pinfold serve --port 0 --ephemeral --write-env .env  # for a test run
  $ pinfold serve --host 0.0.0.0 --seed ./seed.json --public-url https://pins.example.com

SIGTERM and Ctrl-C finish what is under way and exit with 0. Started by npm or npx, it also ends when they do.`

/** Returns `pinfold serve`, which runs the server until it is stopped. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Run the server. It is ready when it prints its address.')
    .addHelpText('after', helpAfterOptions)
  for (const option of serveOptions) command.addOption(option)
  return command.action((options: ServeOptions) => {
    // To Commander a flag's variable means yes whenever it is set, whatever its value.
    const isVariable = (name: string) => command.getOptionValueSource(name) === 'env'
    const ephemeral = isVariable('ephemeral') ? isYes(process.env.PINFOLD_EPHEMERAL) : options.ephemeral === true
    const requestLog = isVariable('requestLog')
      ? !isYes(process.env.PINFOLD_NO_REQUEST_LOG)
      : options.requestLog !== false
    const { writeEnv = options.envFile, ...config } = options
    return serve({ ...config, requestLog, ephemeral, ...(writeEnv !== undefined && { envFile: writeEnv }) })
  })
}

const isYes = (text = ''): boolean => !['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase())

async function serve(given: ServeOptions & { ephemeral: boolean }): Promise<void> {
  process.env.UV_THREADPOOL_SIZE ??= String(poolThreads) // Read when the first thread is needed, which is later.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    process.once('SIGHUP', resolve)
    if (!isWorker()) void stopWithNpm(resolve)
  })
  // From the start: filling empty data can take longer than the time for a shutdown.
  const mostMs = shutdownMs + (given.drainSeconds ?? 0) * 1000
  stopped.then(() => setTimeout(() => process.exit(exitCodes.done), mostMs).unref())
  if (given.workers > 1 && !isWorker()) {
    const why = whyNoWorkers(given)
    if (why !== undefined) console.error(`pinfold: ${why}`)
    process.exit(why === undefined ? await runWorkers(given, stopped) : exitCodes.usage)
  }
  const { data, workers: _, ...options } = isWorker() ? workerOptions(given) : given
  // Loaded here, so that help and usage errors do not need it.
  const { ConfigError, demoCredentials, startServer } = await import('@pinfold/server')
  let server: RunningServer
  try {
    server = await startServer({ ...options, dataDir: data, log: process.stdout.isTTY ? 'pretty' : 'json' })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`pinfold: ${error.message}`)
    process.exit(exitCodes.usage)
  }
  const ready = { data, ...options }
  const warning = warningText(server, ready)
  if (warning !== undefined) console.error(`pinfold: ${warning}`)
  const text = readyText(server, ready, demoCredentials)
  if (!isWorker() || !tellReady(text)) console.log(text)
  const { releaseMemoryWhenIdle } = await import('./release-memory.ts')
  releaseMemoryWhenIdle()
  await stopped
  await server.close()
  process.exit(exitCodes.done)
}

/** Calls `stop` when the npm that runs this ends, and ends the processes in between, such as `node --watch`. */
async function stopWithNpm(stop: () => void): Promise<void> {
  const npm = await findNpm()
  if (!npm) return
  await npmEnd(npm)
  stop()
  for (const pid of npm.between) {
    try {
      process.kill(pid)
    } catch {
      // It has ended by itself.
    }
  }
}
