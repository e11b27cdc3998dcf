import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { ApiError } from '../../core/errors.ts'

/** The folder with the built web app, in this package. */
const folder = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'web')

/** The files of the web app, read when they are asked for: a server that nobody looks at holds none of them. */
export interface BuiltFiles {
  /** Returns the page that loads the app, and the codes of its languages. Throws `unavailable` if it is not built. */
  index(): Promise<{ html: string; languages: readonly string[] }>
  /** Returns a file that the page loads; undefined if there is none. `suffix`: of a compressed one. */
  asset(name: string, suffix?: '.br' | '.gz'): Promise<Buffer | undefined>
}

/** Returns the address of the app's font, as it is built, for pages that are no part of the app; undefined if it is not. */
export function fontAddress(): string | undefined {
  const assets = join(folder, 'assets')
  const name = existsSync(assets) && readdirSync(assets).find((each) => /^figtree-latin-wght-.*\.woff2$/.test(each))
  return name ? `/assets/${name}` : undefined
}

/** Returns the files of the built web app. */
export function builtFiles(): BuiltFiles {
  let index: ReturnType<BuiltFiles['index']> | undefined
  const read = async () => ({
    html: await readFile(join(folder, 'index.html'), 'utf8'),
    languages: JSON.parse(await readFile(join(folder, 'languages.json'), 'utf8')) as string[],
  })
  return {
    index() {
      index ??= read().catch((cause: unknown) => {
        index = undefined // It may be built meanwhile.
        throw new ApiError('unavailable', { detail: 'The web app is not built: run npm run build.', cause })
      })
      return index
    },

    async asset(name, suffix = undefined) {
      return readFile(join(folder, 'assets', `${name}${suffix ?? ''}`)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        return undefined
      })
    },
  }
}
