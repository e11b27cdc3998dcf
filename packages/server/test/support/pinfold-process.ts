import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

/** `pinfold serve` as a process of its own. */
export interface PinfoldProcess {
  /** Where it is reached, once it is ready. Fails when it ends before. */
  url: Promise<string>
  /** Resolves when it has ended. */
  ended: Promise<unknown>
  /** What it has printed so far. */
  output(): string
  /** Kills it (SIGKILL, if nothing else is named) and waits for its end. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Starts `pinfold serve` on a free port. `wrapper`: a command that runs it, such as `['sh', '-c', …]`. */
export function startPinfold(options: readonly string[], wrapper: readonly string[] = []): PinfoldProcess {
  const [command = process.execPath, ...parameters] = [
    ...wrapper,
    process.execPath,
    '--',
    program,
    'serve',
    '--port',
    '0',
    ...options,
  ]
  const child = spawn(command, parameters, { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const lines: string[] = []
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface(stream).on('line', (line) => {
        lines.push(line)
        const [, address] = /^Pinfold is ready at (\S+)/.exec(line) ?? []
        if (address) resolve(address)
      })
    ended.then(() => reject(new Error(`pinfold ended before it was ready:\n${lines.join('\n')}`)), reject)
  })
  url.catch(() => {})
  return {
    url,
    ended,
    output: () => lines.join('\n'),
    async kill(signal = 'SIGKILL') {
      child.kill(signal)
      await ended
    },
  }
}
