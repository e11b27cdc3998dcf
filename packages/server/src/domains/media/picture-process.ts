/**
 * The process that makes renditions. It takes requests from the stream with this number, and ends with its parent. See
 * `picture-maker.ts`.
 */
import { readdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { setPriority } from 'node:os'
import { ApiError } from '../../core/errors.ts'
import { releaseBuffer } from '../../core/release-buffer.ts'
import { writeAside } from '../../storage/write-aside.ts'
import { costWatch } from './cost-watch.ts'
import { received, send } from './messages.ts'
import { type Answer, jobsChannel, type Task } from './picture-task.ts'
import { filesOf, loadSharp, lookAt, madeNames, makeRenditions } from './renditions.ts'
import { makeSmall } from './small-picture.ts'

/** Requests have priority. A higher value would stop pictures where others use the CPU, such as ffmpeg. */
const niceness = 10

const channel = new Socket({ fd: jobsChannel })
// At once: nobody needs the work in progress.
channel.on('close', end)
channel.on('error', () => {})
standBack()
await loadSharp() // Not part of any picture's cost.
const watch = costWatch(giveUp)
for await (const { head, parts } of received<Task>(channel)) if (parts[0]) void make(head, parts[0])

async function make(task: Task, bytes: Buffer): Promise<void> {
  const { id, limit } = task
  try {
    if (task.kind === 'look') return await answer({ id, look: await watch.during(id, limit, () => lookAt(bytes)) })
    if (task.kind === 'small') {
      const { data, ...small } = await watch.during(id, limit, () => makeSmall(bytes, task.options))
      return await answer({ id, small }, [data])
    }
    const { aside } = task
    const { files: made, ...rest } = await watch.during(id, limit, () => makeRenditions(bytes))
    const files = filesOf({ files: made, format: rest.format })
    const picture = { ...rest, originalBytes: made.originals.length }
    if (aside) {
      await writeAside(aside.folder, files, aside.sync)
      await answer({ id, picture })
    } else
      await answer(
        { id, picture, names: files.map(({ name }) => name) },
        madeNames.map((name) => made[name]),
      )
    // Nobody uses them any more. Left to the garbage collector, they would have it go through the heap for every few pictures.
    for (const used of [made.originals, bytes]) releaseBuffer(used)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const failed = error instanceof ApiError ? { unusable: error.detail } : { message, code }
    await answer({ id, failed })
  }
}

function answer(head: Answer, parts: readonly Buffer[] = []): Promise<void> {
  return send(channel, head, parts)
}

/** Ends the process, since a decoder cannot be stopped otherwise. `id`: the picture that is the cause, if known. */
async function giveUp(unusable: string, id: number | undefined): Promise<void> {
  if (id !== undefined) await answer({ id, failed: { unusable }, isLast: true })
  end()
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Lowers the priority of this process below the one that answers requests. */
function standBack(): void {
  try {
    setPriority(niceness)
    // On Linux the priority is per thread; later threads inherit that of the thread that starts them.
    if (process.platform !== 'linux') return
    for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), niceness)
  } catch {}
}
