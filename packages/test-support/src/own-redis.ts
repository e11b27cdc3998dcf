import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'

/** The program of Valkey or Redis; undefined: neither is installed. */
export const redisProgram = ['valkey-server', 'redis-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)

/** Starts Valkey or Redis for one test, on a port of its own, as often as it is asked to. */
export async function ownRedis() {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-redis-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  let running: ChildProcess | undefined
  const stop = async () => {
    if (!running) return
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    running = undefined
    await ended
  }
  onTestFinished(stop)
  const start = async () => {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
    running = spawn(redisProgram as string, options, { stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    for await (const chunk of running.stdout ?? []) {
      said += chunk
      if (said.includes('eady to accept connections')) break
    }
    return running
  }
  return { url: `redis://127.0.0.1:${port}`, process: await start(), start, stop }
}
