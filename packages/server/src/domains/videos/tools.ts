import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import { videoLimits } from './limits.ts'

/** The paths of the programs that process videos. */
export interface VideoTools {
  ffmpeg: string
  ffprobe: string
  /** Sets limits on a process before it runs another program; only on Linux. */
  prlimit: string | undefined
}

/** Finds ffmpeg and ffprobe in the PATH; undefined if one of them is missing. */
export async function findVideoTools(path = process.env.PATH ?? ''): Promise<VideoTools | undefined> {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  const find = async (name: string) => {
    for (const file of folders.map((folder) => join(folder, name))) if (await isProgram(file)) return file
    return undefined
  }
  const ending = process.platform === 'win32' ? '.exe' : ''
  const [ffmpeg, ffprobe] = [await find(`ffmpeg${ending}`), await find(`ffprobe${ending}`)]
  if (!ffmpeg || !ffprobe) return undefined
  return { ffmpeg, ffprobe, prlimit: process.platform === 'linux' ? await find('prlimit') : undefined }
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

/** The program ended by itself with a failure. */
export class ToolRefused extends Error {}
/** The program was ended by a signal: it crashed, or exceeded its limits. */
export class ToolCrashed extends Error {}
/** The program took too long. */
export class ToolTimedOut extends Error {}

export interface RunOptions {
  tools: VideoTools
  /** Its working directory, and the only folder that it writes to. */
  cwd: string
  timeoutMs: number
  signal: AbortSignal
}

/** At most this much of a program's output is kept, in bytes. */
const keptOutput = 1024 * 1024
const keptErrors = 2000

/** The messages of programs for a full disk, and Node's code for it. */
const diskFullErrors = { 'No space left on device': 'ENOSPC', 'Disk quota exceeded': 'EDQUOT' }

/**
 * Returns the error of a program that ended by itself: its input is invalid, unless it reports that the disk is full.
 */
function failure(what: string, errors: string): Error {
  for (const [words, code] of Object.entries(diskFullErrors))
    if (errors.includes(words)) return Object.assign(new Error(`${what}: ${words}`), { code })
  return new ToolRefused(`${what}: ${errors}`)
}

/**
 * Runs ffmpeg or ffprobe without a shell, with limits on its time, its memory and the files that it writes, and returns
 * its output. Throws `ToolRefused`, `ToolCrashed` or `ToolTimedOut`, or an error of the file system on a full disk.
 */
export async function runTool(
  name: 'ffmpeg' | 'ffprobe',
  parameters: readonly string[],
  { tools, cwd, timeoutMs, signal }: RunOptions,
): Promise<string> {
  signal.throwIfAborted()
  const seconds = Math.ceil(timeoutMs / 1000)
  const child = spawnBounded(tools.prlimit, [tools[name], ...parameters], cwd, seconds)
  let timedOut = false
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(() => {
    timedOut = true
    kill()
  }, timeoutMs)
  signal.addEventListener('abort', kill)
  try {
    const { code, ended, output, errors } = await finished(child)
    signal.throwIfAborted()
    if (timedOut) throw new ToolTimedOut(`${name} took longer than ${seconds} s`)
    if (ended !== null) throw new ToolCrashed(`${name} was ended by ${ended}: ${errors}`)
    if (code !== 0) throw failure(`${name} ended with ${code}`, errors)
    return output
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

/** Starts a program, through `prlimit` where it exists. */
function spawnBounded(prlimit: string | undefined, command: readonly string[], cwd: string, seconds: number) {
  const { memoryBytes, madeBytes } = videoLimits
  const bounds = [`--as=${memoryBytes}`, `--fsize=${madeBytes}`, `--cpu=${seconds * 4}`, '--core=0']
  const [file = '', ...rest] = prlimit ? [prlimit, ...bounds, '--', ...command] : command
  // Without the server's environment, in which a variable can tell ffmpeg where to write reports.
  const child = spawn(file, rest, { cwd, env: { LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    // Requests have priority; a process that has already ended needs no lower priority.
    if (child.pid !== undefined) setPriority(child.pid, 10)
  } catch {}
  return child
}

/** Waits until a program has ended, and returns the end of its output. */
async function finished(child: ReturnType<typeof spawnBounded>) {
  const output: Buffer[] = []
  let outputBytes = 0
  let errors = ''
  child.stdout.on('data', (bytes: Buffer) => {
    outputBytes += bytes.length
    if (outputBytes <= keptOutput) output.push(bytes)
  })
  child.stderr.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-keptErrors)
  })
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; ended: string | null }>()
  child.on('error', reject)
  child.on('close', (code, ended) => resolve({ code, ended }))
  return { ...(await promise), output: Buffer.concat(output).toString(), errors: errors.trim() }
}
