import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { rateLimitCategories } from '@pinfold/contract'
import type { Usage } from './processes/meter.ts'

/** A process that is measured. */
export interface Measured {
  pid: number
  /** The address it listens on, without a slash at the end; empty if it does not. */
  url: string
  /** The time from spawning it until it was ready. */
  startMs: number
  usage(): Promise<Usage>
  /** Sends a message, and waits for the answer. */
  ask(message: string | number): Promise<unknown>
  stop(): Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const readyWithinMs = 60_000
/** Makes a process answer `usage()`. */
export const metered = ['--import', here('processes/meter.ts')]

/** Starts a floor: a program of `bench/processes/`. */
export function startFloor(program: string, folder: string, args: string[], nodeOptions = metered): Promise<Measured> {
  return start([...nodeOptions, '--', here(`processes/${program}.ts`), ...args], join(folder, `${program}.log`))
}

/**
 * Starts Pinfold like a user does, on the data in `folder`: durable writes, requests counted against limits (too high
 * to be reached), and a log line for each, written to a file. `more`: further options of `pinfold serve`. `from`: what
 * the server is run from.
 */
export async function startPinfold(
  folder: string,
  nodeOptions = metered,
  more: readonly string[] = [],
  from: 'bundle' | 'sources' = 'bundle',
): Promise<Measured> {
  const limits = join(folder, 'rate-limits.json')
  const high = { limit: 1_000_000_000, windowSeconds: 60 }
  const names = ['universal', 'trial', ...rateLimitCategories]
  await writeFile(limits, JSON.stringify(Object.fromEntries(names.map((name) => [name, high]))))
  const options = ['--port', '0', '--data', join(folder, 'data'), '--seed', 'demo', '--rate-limits', limits, ...more]
  const program = here('../packages/cli/src/main.js')
  return start(
    [...nodeOptions, ...(from === 'bundle' ? ['--conditions=pinfold-bundle'] : []), '--', program, 'serve', ...options],
    join(folder, 'pinfold.log'),
  )
}

/** Starts a program of others with Node. `readyLine`: what it prints once it listens on `url`. */
export function startPeer(
  program: string,
  args: string[],
  readyLine: string,
  url: string,
  log: string,
): Promise<Measured> {
  return start([...metered, '--', program, ...args], log, async (child) => {
    await waitForLine(child, log, (text) => text.includes(readyLine) || undefined)
    return url
  })
}

async function start(command: string[], log: string, readyAt = addressIn): Promise<Measured> {
  const output = openSync(log, 'w')
  const began = performance.now()
  const child = spawn(process.execPath, command, {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PINFOLD_'))),
    stdio: ['ignore', output, 'inherit', 'ipc'],
  })
  closeSync(output)
  // Without a listener Node keeps what a program sends by itself, and the first question would get it as its answer.
  child.on('message', () => {})
  const url = await readyAt(child, log)
  const startMs = performance.now() - began
  const ask = async (message: string | number): Promise<unknown> => {
    const answer = once(child, 'message')
    child.send(message)
    return (await answer)[0]
  }
  return {
    pid: child.pid ?? 0,
    url,
    startMs,
    ask,
    usage: async () => (await ask('usage')) as Usage,
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Waits for the line with `ready at …`, and returns its address. */
async function addressIn(child: ChildProcess, log: string): Promise<string> {
  const url = await waitForLine(child, log, (text) => /ready at (\S+)/.exec(text)?.[1])
  return url.startsWith('http') ? url : ''
}

/** Waits until `find` finds something in the log; looks every two milliseconds. */
async function waitForLine<T>(child: ChildProcess, log: string, find: (text: string) => T | undefined): Promise<T> {
  for (const latest = performance.now() + readyWithinMs; performance.now() < latest; await sleep(2)) {
    const found = find(await readFile(log, 'utf8'))
    if (found !== undefined) return found
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${child.spawnargs.join(' ')}`)
  }
  child.kill()
  throw new Error(`It was not ready within ${readyWithinMs / 1000} s: ${child.spawnargs.join(' ')}`)
}
