import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findNpm, npmEnd } from '../packages/cli/program/npm-process.ts'
import { publishedManifest, readManifest, writeManifest } from './manifest.ts'

// A package's manifest names sources, since a checkout runs without a build step, and npm packs the manifest in the
// package's folder. So while npm packs, the published manifest is there instead.

const keptPath = (home: string) => join(home, '.package.json.source')

/** The longest that npm may take to pack, where it cannot be found. */
const longestMs = 30_000

/** Replaces the workspace's manifest by the published one. A process of its own restores it when npm has ended. */
export async function lendManifest(home: string): Promise<void> {
  await restoreManifest(home)
  const guard = fork(import.meta.filename, [home], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const [lent] = await Promise.race([once(guard, 'message'), once(guard, 'exit')])
  if (lent !== true) throw new Error(`The published manifest could not be put into ${home}.`)
  guard.disconnect()
  guard.unref()
}

/** Restores the workspace's manifest; does nothing if it is in place. */
export async function restoreManifest(home: string): Promise<void> {
  if (existsSync(keptPath(home))) await rename(keptPath(home), join(home, 'package.json'))
}

/** Replaces the manifest until npm has ended, however it ends. Signals to npm's group do not reach this process. */
async function guardManifest(home: string): Promise<void> {
  const npm = await findNpm()
  const published = publishedManifest(await readManifest(home))
  await rename(join(home, 'package.json'), keptPath(home))
  await writeManifest(home, published)
  process.send?.(true)
  await Promise.race([npm ? npmEnd(npm) : delay(longestMs), delay(longestMs)])
  await restoreManifest(home)
  process.exit(0)
}

if (import.meta.main) await guardManifest(process.argv[2] ?? '')
