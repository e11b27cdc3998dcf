/**
 * The process that makes renditions. It is told what to do over the stream with this number, and ends with whoever
 * started it. See `picture-maker.ts`.
 */
import { readdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { setPriority } from 'node:os'
import { ApiError } from '../../core/errors.ts'
import { writeAside } from '../../storage/write-aside.ts'
import { costWatch } from './cost-watch.ts'
import { received, send } from './messages.ts'
import { type Answer, jobsChannel, type Task } from './picture-task.ts'
import { filesOf, loadSharp, makeRenditions } from './renditions.ts'

/** Requests come first. More would be too much where others use the processor, ffmpeg for one: pictures would stand still. */
const niceness = 10

const channel = new Socket({ fd: jobsChannel })
// At once: what is under way is for nobody.
channel.on('close', end)
channel.on('error', () => {})
standBack()
await loadSharp() // It is no picture's cost.
const watch = costWatch(giveUp)
for await (const { head, parts } of received<Task>(channel)) if (parts[0]) void make(head, parts[0])

async function make({ id, aside, limit }: Task, bytes: Buffer): Promise<void> {
  try {
    const { files: made, ...rest } = await watch.during(id, limit, () => makeRenditions(bytes))
    const files = filesOf({ files: made, format: rest.format })
    const picture = { ...rest, originalBytes: made.originals.length }
    if (aside) {
      await writeAside(aside.folder, files, aside.sync)
      await answer({ id, picture })
    } else await answer({ id, picture, names: files.map(({ name }) => name) }, Object.values(made))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const failed = error instanceof ApiError ? { unusable: error.detail } : { message, code }
    await answer({ id, failed })
  }
}

function answer(head: Answer, parts: readonly Buffer[] = []): Promise<void> {
  return send(channel, head, parts)
}

/** A decoder cannot be stopped but with its process. `id`: the picture that is to blame, if one is known. */
async function giveUp(unusable: string, id: number | undefined): Promise<void> {
  if (id !== undefined) await answer({ id, failed: { unusable }, isLast: true })
  end()
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Makes this process give way to the one that answers requests. */
function standBack(): void {
  try {
    setPriority(niceness)
    // On Linux it is for each thread to say; those that begin later are like the one that begins them.
    if (process.platform !== 'linux') return
    for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), niceness)
  } catch {}
}
