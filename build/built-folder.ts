import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from './compile.ts'

/** Names the sources that a folder was built from. */
const stampFile = 'sources.txt'

/**
 * Builds `folder` by `build`, which gets an empty one to fill, unless it is built from `sources` already. It is made
 * beside its place, so that a server that runs has one or the other, and a build that fails changes nothing.
 * @param sources files that `build` depends on, relative to the workspace, in any order
 */
export async function buildFolder(
  folder: string,
  sources: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const stamp = await stampOf(sources)
  if ((await readFile(join(folder, stampFile), 'utf8').catch(() => '')) === stamp) return
  const draft = await mkdtemp(join(dirname(folder), '.build-'))
  try {
    await build(draft)
    await writeFile(join(draft, stampFile), stamp)
    await chmod(draft, 0o755)
    await rm(folder, { recursive: true, force: true })
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Returns a text that changes with every source and every version of a library. */
async function stampOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', ...sources].toSorted())
    hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

/** Returns the texts of the licences of libraries whose code or fonts are in a built folder, given their folders. */
export async function licensesOf(homes: readonly string[]): Promise<string> {
  const texts = homes.map(async (home) => {
    const { name, version, license } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    const file = (await readdir(home)).find((each) => /^(licen[cs]e|copying)/i.test(each))
    return `${name} ${version}: ${license}\n\n${file ? await readFile(join(home, file), 'utf8') : ''}`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n`)
}
