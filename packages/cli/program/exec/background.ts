import { once } from 'node:events'
import { ExecError, reasonOf } from './exec-error.ts'
import type { Order, Report } from './print-env.ts'
import { openSession } from './session.ts'
import { toWhere } from './to-where.ts'

/** Nobody may remember to end it: it ends itself when unused for this long. */
const idleMs = 8 * 60 * 60 * 1000

/** The process behind `pinfold exec --print-env`: holds a session until it is asked to stop. */
async function main(): Promise<void> {
  const stopped = new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGHUP', resolve)
    // A terminal sends the signal for the shell's other programs to this process as well.
    process.on('SIGINT', () => {})
  })
  const report = (news: Report) => process.send?.(news, () => process.disconnect?.())
  const idle = Promise.withResolvers<void>()
  const timer = setTimeout(idle.resolve, idleMs)
  const [order]: [Order] = (await once(process, 'message')) as [Order]
  try {
    const session = await openSession({ ...order, to: toWhere(order.to), onConnection: () => timer.refresh() })
    report({ variables: session.variables })
    await Promise.race([stopped, idle.promise])
    await session.close()
    process.exit(0)
  } catch (error) {
    const exitCode = error instanceof ExecError ? error.exitCode : 1
    process.send?.({ problem: reasonOf(error), exitCode } satisfies Report, () => process.exit(exitCode))
  }
}

void main()
