import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { restoreBackup, verifyBackups, verifyMedia } from '@pinfold/server'
import { contradictions } from '@pinfold/test-support/contradictions'
import { randomOf } from '@pinfold/test-support/random'
import { filesBelow, serverState } from '@pinfold/test-support/server-state'
import { nodeOf, runPinfold } from '../node.ts'
import type { Fault, Place, SetUp } from '../set-up.ts'
import { startWire } from '../wire.ts'

/** One server on the embedded database, on a disk of its own where that is possible. */
export async function embedded({ folder, seed }: Place, seedNumber: number): Promise<SetUp> {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const isMounted = mount(disk)
  const data = join(disk, 'data')
  const backups = join(folder, 'backups')
  const node = nodeOf(['--data', data, '--seed', seed, '--rate-limits', 'off'], join(folder, 'node.log'))
  const wire = await startWire(node.port, randomOf(seedNumber, 1000))

  const fill: Fault = {
    name: 'the disk is full',
    weight: 2,
    async happen(random) {
      const ballast = join(disk, 'ballast')
      for (let size = 8 << 20; size >= 4096; size >>= 1)
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
        } catch {} // Then smaller pieces, until nothing goes.
      await pause(1000 + random.below(4000))
      rmSync(ballast)
    },
  }
  const backup: Fault = {
    name: 'a backup is made',
    weight: 1,
    async happen(random) {
      const command = runPinfold(['backup', backups, '--data', data, '--keep', '3'])
      const [code] = await Promise.race([
        once(command, 'exit'),
        pause(500 + random.below(20_000)).then(() => ['killed']),
      ])
      if (code === 'killed') command.kill('SIGKILL')
    },
  }

  return {
    nodes: [node],
    wires: [wire],
    faults: isMounted ? [fill, backup] : [backup],

    async problems() {
      return [...contradictionsIn(data), ...(await mediaProblems(data)), ...(await backupProblems(backups, folder))]
    },

    async close() {
      wire.close()
      if (isMounted) execFileSync('umount', ['--lazy', disk])
    },
  }
}

/** Puts a small disk in memory there; returns whether that was possible. */
function mount(disk: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'pinfold-torture', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function contradictionsIn(data: string): string[] {
  const state = serverState(data)
  try {
    const integrity = state.all('PRAGMA integrity_check').map(({ integrity_check: said }) => said)
    const found = Object.entries(contradictions).map(([what, sql]) => [what, state.all(sql)] as const)
    return [
      ...(integrity.join() === 'ok' ? [] : [`the database is damaged: ${integrity.join()}`]),
      ...found.flatMap(([what, rows]) => (rows.length > 0 ? [`${what}: ${JSON.stringify(rows.slice(0, 5))}`] : [])),
      ...filesBelow(join(data, 'uploads')).map((file) => `an upload is left: ${file}`),
    ]
  } finally {
    state.close()
  }
}

/** Every file in the data that is missing, broken or needed by nothing. */
async function mediaProblems(dataDir: string): Promise<string[]> {
  const problems: string[] = []
  const counts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
  // What was written just now may be in progress; here nothing is any more.
  const clock = { now: () => Date.now() + 7_200_000 }
  await verifyMedia(
    { dataDir, clock },
    { repair: false, deep: true, counts, onProblem: (problem) => problems.push(`a file: ${JSON.stringify(problem)}`) },
  )
  return problems
}

/** What is wrong with the backups that were made meanwhile, the newest of which is restored. */
async function backupProblems(from: string, folder: string): Promise<string[]> {
  if (filesBelow(join(from, 'backups')).length === 0) return []
  const problems: string[] = []
  const counts = { backups: 0, checked: 0, bytes: 0, problems: 0 }
  await verifyBackups({ from, deep: true, counts, onProblem: (problem) => problems.push(JSON.stringify(problem)) })
  const restored = join(folder, 'restored')
  await restoreBackup({ from, dataDir: restored }, { files: 0, bytes: 0 })
  const lacking = (await mediaProblems(restored)).filter((problem) => !problem.includes('orphaned'))
  return [...problems, ...lacking].map((problem) => `in a backup: ${problem}`)
}
