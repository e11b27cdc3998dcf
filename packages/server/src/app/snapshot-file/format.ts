import { createHash } from 'node:crypto'
import { contentTypeOf, isKey } from '../../storage/storage.ts'

// A snapshot as one file is a tar archive: `snapshot.json`, the database, the pictures and videos in the order of their
// keys, and `checksum`, which is the SHA-256 over the name, size and content of all files before it.

/** The names of an archive's files. */
export const names = { about: 'snapshot.json', database: 'pinfold.db', checksum: 'checksum' } as const

/** What `snapshot.json` says. */
export interface About {
  format: 'pinfold-snapshot'
  /** Of this format. */
  version: 1
  database: 'sqlite'
  /** When the snapshot was made: milliseconds since 1970. */
  createdAt: number
}

export const aboutOf = (createdAt: number): About => ({
  format: 'pinfold-snapshot',
  version: 1,
  database: 'sqlite',
  createdAt,
})

/** The name of a stored file in an archive. */
export const mediaName = (key: string, name: string): string => `media/${key}/${name}`

/** Returns the stored file that a name in an archive stands for; undefined if it is none. */
export function mediaFile(path: string): { key: string; name: string } | undefined {
  const [folder, key = '', name = '', ...rest] = path.split('/')
  const isOurs = folder === 'media' && rest.length === 0 && isKey(key) && /^[a-z0-9]+\.[a-z0-9]+$/i.test(name)
  return isOurs && contentTypeOf(name) !== undefined ? { key, name } : undefined
}

/** Sums up files as they pass. */
export class Checksum {
  readonly #hash = createHash('sha256')

  /** Yields the content of a file, counted. */
  async *over(file: { name: string; size: number; content: AsyncIterable<Buffer> | Iterable<Buffer> }) {
    this.#hash.update(`${file.name}\n${file.size}\n`)
    for await (const part of file.content) {
      this.#hash.update(part)
      yield part
    }
  }

  /** Returns the sum, as the last file of an archive has it. To be called once, at the end. */
  text(): string {
    return `${this.#hash.digest('hex')}\n`
  }
}
