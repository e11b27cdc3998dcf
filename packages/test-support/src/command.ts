import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The command's file, for `node`. */
export const main = join(import.meta.dirname, '../../cli/src/main.js')

/** Makes `node` load the server's bundle, as `npm start` does: it starts faster. */
export const withBundle = '--conditions=pinfold-bundle'

/** A process of the `pinfold` command. */
export interface Command {
  child: ChildProcess
  /** Returns its output so far. */
  stdout(): string
  stderr(): string
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
  /** Resolves with its address when it is ready; rejects when it ends before that. */
  ready(): Promise<string>
  /** Kills it (with SIGKILL by default) and waits for its end. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Asks it to stop, and returns its exit code and how long that took. */
  stop(): Promise<{ code: number | NodeJS.Signals; ms: number }>
}

export interface CommandOptions {
  cwd?: string
  /** Variables beside those of this process, without its `PINFOLD_…` and `PINTEREST_…`. */
  env?: Record<string, string>
  /** The Node to run it with, if not this one. */
  node?: string
  /** Its standard input; empty if not given. */
  input?: string
  /** The command's file of another version, which runs from its sources. */
  program?: string
  /** A command that runs it, such as `['sh', '-c', …]`. */
  wrapper?: readonly string[]
}

/** Runs `pinfold` with `args`, in a process that ends with the test. */
export function pinfold(args: readonly string[], options: CommandOptions = {}): Command {
  const { cwd, env, input = '', node = process.execPath, program, wrapper = [] } = options
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PINFOLD_|PINTEREST_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
  )
  const [first = node, ...parameters] = [
    ...wrapper,
    node,
    ...(program ? [] : [withBundle]),
    '--',
    program ?? main,
    ...args,
  ]
  const child = spawn(first, parameters, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // It may end without reading its input.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  onTestFinished(() => void child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  const changed = new EventTarget()
  child.stdout.on('data', (part) => {
    stdout += part
    changed.dispatchEvent(new Event('output'))
  })
  child.stderr.on('data', (part) => {
    stderr += part
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)

  async function findUrl(): Promise<string> {
    const end = ended.then((code) => {
      throw new Error(`pinfold ended with ${code}:\n${stdout}${stderr}`)
    })
    end.catch(() => {})
    for (;;) {
      const [, url] = /^Pinfold is ready at (\S+) /m.exec(stdout) ?? []
      if (url) return url
      await Promise.race([end, once(changed, 'output')])
    }
  }

  let url: Promise<string> | undefined
  function ready(): Promise<string> {
    url ??= findUrl()
    return url
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL') {
    child.kill(signal)
    await ended
  }

  async function stop() {
    const begun = performance.now()
    child.kill('SIGTERM')
    const code = await ended
    return { code, ms: performance.now() - begun }
  }

  return { child, stdout: () => stdout, stderr: () => stderr, ended, ready, kill, stop }
}
