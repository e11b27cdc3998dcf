import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import type { SessionOptions } from './session.ts'

/** The messages to and from the process in the background. */
export type Order = Pick<SessionOptions, 'server' | 'log'> & { to: string }
export type Report = { variables: Record<string, string> } | { problem: string; exitCode: number }

/**
 * Prints the variables of a session for `eval`. The session goes on in its own process, since a shell waits for the
 * command that it evaluates to end.
 */
export async function printEnv({ server, to, log }: Pick<SessionOptions, 'server' | 'to' | 'log'>): Promise<never> {
  const program = join(import.meta.dirname, `background${extname(import.meta.filename)}`)
  const background = fork(program, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const ended = once(background, 'exit').then((): [Report] => [
    { problem: 'The process in the background ended before it was ready.', exitCode: 1 },
  ])
  background.send({ server, to: String(to ?? 'pinfold'), log } satisfies Order)
  const [report]: [Report] = await Promise.race([once(background, 'message') as Promise<[Report]>, ended])
  if ('problem' in report) {
    console.error(`pinfold: ${report.problem}`)
    process.exit(report.exitCode)
  }
  const { pid } = background
  const variables = { ...report.variables, PINFOLD_EXEC_PID: String(pid) }
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
  console.error(`pinfold: the proxy runs in the background as process ${pid}, until: kill ${pid}`)
  process.stdout.write(lines.join(''), () => process.exit(0))
  return new Promise(() => {})
}
