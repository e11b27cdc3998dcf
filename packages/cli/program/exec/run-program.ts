import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ExecError, reasonOf } from './exec-error.ts'
import { openSession, type SessionOptions } from './session.ts'

/**
 * Signals to the parent that are passed on to the program. Ctrl-C in a terminal is not among them: the program receives
 * it directly.
 */
const passedOn: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGBREAK']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

type End = { code: number } | { signal: NodeJS.Signals }

/** Runs a program in a session of its own, and ends this process the way the program ended. */
export async function runProgram(program: string, args: readonly string[], options: SessionOptions): Promise<never> {
  let child: ChildProcess | undefined
  let early: NodeJS.Signals | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    if (!child) early = signal
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, onSignal)
  let end: End
  try {
    const session = await openSession(options)
    try {
      if (early === undefined) {
        child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...session.variables } })
        end = await endOf(child, program)
      } else end = { signal: early }
    } finally {
      await session.close()
    }
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    console.error(`pinfold: ${error.message}`)
    process.exit(error.exitCode)
  }
  for (const signal of passedOn) process.off(signal, onSignal)
  return endAs(end)
}

/** Waits for the program to end. Throws `ExecError` if it could not be started. */
function endOf(child: ChildProcess, program: string): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return
      reject(
        error.code === 'ENOENT'
          ? new ExecError(`There is no program called ${program}.`, 127, { cause: error })
          : new ExecError(`Cannot run ${program}: ${reasonOf(error)}`, 126, { cause: error }),
      )
    })
    child.on('exit', (code, signal) => resolve(signal === null ? { code: code ?? 0 } : { signal }))
  })
}

/** Ends this process. A shell in a loop must see that its command was interrupted, so a signal is passed on as one. */
function endAs(end: End): never {
  if ('code' in end) process.exit(end.code)
  process.kill(process.pid, end.signal)
  // For signals that do not end Node.
  process.exit(128 + constants.signals[end.signal])
}
