import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { Row } from './report.ts'

/** The lowest floor of each row that was ever measured on this machine. */
type BestFloors = Record<string, number>

const file = join(import.meta.dirname, '../node_modules/.cache/pinfold-bench/floors.json')
/** A floor this many times as high as the best says that something else uses the machine. */
const noisyFrom = 1.15

/** What of a machine a floor depends on. */
const machine = (): string => `${process.version} ${cpus()[0]?.model} × ${cpus().length}`

/**
 * Compares the floors of a run with the best that were seen on this machine, and keeps those that are better. Returns what
 * to warn of: on a busy machine figures are high, and ratios are not what they are on a quiet one.
 */
export async function noticeNoise(rows: readonly Row[]): Promise<string | undefined> {
  const all = await readBest()
  const best = all[machine()] ?? {}
  const noisy: string[] = []
  for (const { name, floor, floorIs, unit } of rows) {
    if (floor === undefined || floor <= 0) continue
    const key = `${name}: ${floorIs} (${unit})`
    const known = best[key]
    if (known !== undefined && floor > known * noisyFrom)
      noisy.push(`  ${name}: the floor is ${floor.toFixed(1)} ${unit}, and was ${known.toFixed(1)}`)
    best[key] = Math.min(known ?? floor, floor)
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ ...all, [machine()]: best }, null, 2))
  if (noisy.length === 0) return undefined
  return `The machine is not quiet: measure again when nothing else runs on it.\n${noisy.join('\n')}`
}

async function readBest(): Promise<Record<string, BestFloors>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return {} // There is none yet, or it was cut off.
  }
}
