import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const main = join(import.meta.dirname, '../packages/cli/src/main.js')

/** Runs `pinfold` in a process of its own. `flags`: for Node. */
export const runPinfold = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): ChildProcess => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PINFOLD_|NODE_OPTIONS$)/.test(name))
  return spawn(process.execPath, ['--conditions=pinfold-bundle', ...flags, '--', main, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A server in a process of its own, which is killed and started again. */
export interface Node {
  /** Its port; 0 while it does not run. */
  port(): number
  /** Starts it, and again while that fails (on a full disk, for example). Throws after a minute. */
  start(): Promise<void>
  /** Sends a signal to its process. */
  signal(signal: NodeJS.Signals): void
  /** Ends it with a signal, and returns how it ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals>
  /** Has it collect its garbage; nothing while it does not run. */
  collect(): void
  /** How often it ended by itself; it is started again then. */
  crashes(): number
  /**
   * Returns the memory in MB that it has for itself; undefined while it does not run. What it maps of files is left out (SQLite's
   * database and log, as far as they were read): the system takes that back when it likes.
   */
  memory(): number | undefined
}

const mostStarts = 60
const collecting = ['--expose-gc', `--import=${pathToFileURL(join(import.meta.dirname, 'collect.ts'))}`]

/** Makes one; its output goes to a file. */
export function nodeOf(args: readonly string[], logFile: string, env: NodeJS.ProcessEnv = {}): Node {
  const log = createWriteStream(logFile, { flags: 'a' })
  let child: ChildProcess | undefined
  let port = 0
  let crashes = 0
  let isMeant = true
  let ended: Promise<number | NodeJS.Signals> = Promise.resolve(0)

  /** Returns whether it became ready. */
  async function startOnce(): Promise<boolean> {
    const started = runPinfold(['serve', '--port', '0', ...args], env, collecting)
    child = started
    let output = ''
    const ready = new Promise<boolean>((resolve) => {
      started.stdout?.on('data', (bytes) => {
        log.write(bytes)
        if (port === 0) output += bytes
        const [, found] = /^Pinfold is ready at http:\/\/127\.0\.0\.1:(\d+)/m.exec(output) ?? []
        if (found === undefined || port !== 0) return
        port = Number(found)
        resolve(true)
      })
      started.stderr?.on('data', (bytes) => log.write(bytes))
      started.once('close', () => resolve(false))
    })
    ended = once(started, 'close').then(([code, signal]) => {
      port = 0
      return code ?? signal
    })
    return ready
  }

  async function start(): Promise<void> {
    for (let tries = 0; tries < mostStarts; tries++) {
      isMeant = true
      if (await startOnce()) {
        isMeant = false
        void ended.then(() => {
          if (isMeant) return
          crashes++
          return start()
        })
        return
      }
      await pause(1000)
    }
    throw new Error(`A server does not start: see ${logFile}.`)
  }

  return {
    port: () => port,
    start,
    crashes: () => crashes,
    signal: (signal) => void child?.kill(signal),
    collect: () => void (port !== 0 && child?.kill('SIGUSR2')),
    async end(signal) {
      isMeant = true
      child?.kill('SIGCONT')
      child?.kill(signal)
      return ended
    },
    memory() {
      if (port === 0 || child?.pid === undefined) return undefined
      try {
        const [, kilobytes] = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
        return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
      } catch {
        return undefined
      }
    },
  }
}
