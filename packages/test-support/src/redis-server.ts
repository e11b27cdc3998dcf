import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './free-port.ts'

/** The program of Valkey or Redis; undefined: neither is installed. */
export const redisProgram = ['valkey-server', 'redis-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)

/** Valkey or Redis on a port of its own, which forgets everything when it ends. */
export interface RedisServer {
  port: number
  url: string
  /** Starts it, and resolves with its process when it answers. */
  start(): Promise<ChildProcess>
  /** Sends a signal to its process. */
  signal(signal: NodeJS.Signals): void
  /** Ends it at once. */
  stop(): Promise<void>
}

/** Makes one, which is not started yet. Its files, if any, are in `folder`. */
export async function redisServer(folder: string): Promise<RedisServer> {
  const port = await freePort()
  let running: ChildProcess | undefined
  return {
    ...{ port, url: `redis://127.0.0.1:${port}` },
    signal: (signal) => void running?.kill(signal),
    async stop() {
      if (!running) return
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      running = undefined
      await ended
    },
    async start() {
      const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
      const started = spawn(redisProgram as string, options, { stdio: ['ignore', 'pipe', 'ignore'] })
      running = started
      const { stdout } = started
      let said = ''
      const ready = Promise.withResolvers<void>()
      stdout.on('data', (chunk) => {
        said += chunk
        if (said.includes('eady to accept connections')) ready.resolve()
      })
      started.once('exit', () => ready.resolve())
      await ready.promise
      return started
    },
  }
}
