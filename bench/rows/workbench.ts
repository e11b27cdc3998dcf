import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Answer, ask, request } from '../load.ts'
import { type Measured, startFloor, startPinfold } from '../processes.ts'

/** What every row needs. */
export interface Workbench {
  /** A folder for this run; Pinfold's data folder in it has the demo seed. */
  folder: string
  /** An access token of the demo account with every scope. */
  token: string
  /** Whether to measure only as long as it takes to run every part. */
  quick: boolean
  /** Data folders that were filled before, for the part that measures some side by side. */
  folders?: readonly string[]
}

/** Runs `work` with Pinfold running, and stops it afterwards. `more`: further options of `pinfold serve`. */
export async function withPinfold<T>(
  { folder }: Workbench,
  work: (pinfold: Measured) => Promise<T>,
  more?: readonly string[],
): Promise<T> {
  return whileRunning(await startPinfold(folder, undefined, more), work)
}

/** Runs `work` with a floor running, and stops it afterwards. */
export async function withFloor<T>(
  { folder }: Workbench,
  [program, ...args]: [program: string, ...args: string[]],
  work: (floor: Measured) => Promise<T>,
): Promise<T> {
  return whileRunning(await startFloor(program, folder, args), work)
}

/** Runs `work` with a process running, and stops it afterwards. */
export async function whileRunning<T>(process: Measured, work: (process: Measured) => Promise<T>): Promise<T> {
  try {
    return await work(process)
  } finally {
    await process.stop()
  }
}

/** Calls Pinfold, and returns the body of its answer. Throws unless it is a success. */
export async function call<T>(
  pinfold: Measured,
  bench: Workbench,
  method: string,
  path: string,
  json?: object,
): Promise<T> {
  const text = json && JSON.stringify(json)
  const answer = await ask(pinfold.url, request(method, `/v5${path}`, bench.token, text))
  if (answer.status >= 300) throw new Error(`${method} ${path} gave ${answer.status}: ${answer.body}`)
  return JSON.parse(answer.body)
}

/** Writes an answer to a file, for a floor to return. */
export async function keepAnswer({ folder }: Workbench, name: string, answer: Answer): Promise<string> {
  const path = join(folder, `${name}.json`)
  await writeFile(path, JSON.stringify(answer))
  return path
}
