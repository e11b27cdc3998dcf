import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** An npm that waits for this process. */
export interface NpmProcess {
  pid: number
  /** The processes between npm and this one, such as a shell, nearest first. */
  between: number[]
}

interface Process {
  parent: number
  command: string
}

/** A shell, `node --watch`, and a Node that hands over to a newer one may be in between. */
const furthest = 5
const pollMs = 250

/** Finds the npm that started this process (`npm start`, `npx`); undefined if none did, or it has already ended. */
export async function findNpm(): Promise<NpmProcess | undefined> {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const between: number[] = []
  for (let pid = process.ppid; pid > 1 && between.length < furthest; ) {
    const found = await lookUp(pid)
    if (!found) return undefined
    if (isNpm(found.command)) return { pid, between }
    between.push(pid)
    pid = found.parent
  }
  return undefined
}

/**
 * Resolves when `npm` has ended. When npm is killed it signals at most the shell that it started, and a shell ends
 * without signalling its child.
 */
export async function npmEnd({ pid }: NpmProcess): Promise<void> {
  while (await isRunning(pid)) await delay(pollMs)
}

/** Recognises npm: its command where the system allows setting it, elsewhere Node with npm's file. */
const isNpm = (command: string): boolean => /^np[mx]( |$)|[\\/]np[mx]-cli\.js("|\s|$)/.test(command)

/** Returns whether a process is running. One that has ended stays a zombie until its parent asks, which Linux shows. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  const [state] = (await linuxStatus(pid)) ?? []
  return state !== 'Z'
}

/** Looks up a process; undefined if there is none, or the system does not show it. */
async function lookUp(pid: number): Promise<Process | undefined> {
  try {
    if (process.platform === 'linux') return await onLinux(pid)
    if (process.platform === 'win32') return await onWindows(pid)
    return fromLine((await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)])).stdout)
  } catch {
    return undefined
  }
}

async function onLinux(pid: number): Promise<Process | undefined> {
  const [, parent] = (await linuxStatus(pid)) ?? []
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  return parent === undefined ? undefined : { parent: Number(parent), command }
}

/** Returns state, parent and so on: the fields after the name, which is in parentheses and may contain anything. */
async function linuxStatus(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function onWindows(pid: number): Promise<Process | undefined> {
  const query = `Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}' | ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }`
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query], {
    windowsHide: true,
  })
  return fromLine(stdout)
}

function fromLine(line: string): Process | undefined {
  const [, parent, command] = /^\s*(\d+)\s+(.*\S)\s*$/.exec(line) ?? []
  return parent === undefined || command === undefined ? undefined : { parent: Number(parent), command }
}
