import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns the size of the files in a folder, in bytes. Those that are removed meanwhile do not count. */
export async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  const entries = await readdir(folder, { withFileTypes: true }).catch(unlessGone([]))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    bytes += entry.isDirectory() ? await sizeOf(path) : (await stat(path).catch(unlessGone({ size: 0 }))).size
  }
  return bytes
}

const unlessGone =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
