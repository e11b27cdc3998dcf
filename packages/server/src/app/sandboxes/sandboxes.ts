import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { NewSandbox, Sandbox, SandboxCredentials, Sandboxes } from '../../control/sandboxes.ts'
import { ApiError, ConfigError, invalid } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { sandboxPath } from '../../core/sandbox-mark.ts'
import { emptyDatabaseIn } from '../empty-database.ts'
import { remove } from '../generations.ts'
import { openSandbox, type Surroundings } from './open-sandbox.ts'

/** The most that there may be: with more, the numbers that set their ids apart would be those of others. */
const most = 100

/** How often to look for those that are idle, in milliseconds. */
const lookEveryMs = 30_000

/** The sandboxes of a server, and their end. */
export interface OpenSandboxes extends Sandboxes {
  /** Removes what those of an earlier process have left. To be called once, before anything else. */
  open(): Promise<void>
  /** Ends all, once their requests are answered. */
  close(): Promise<void>
}

/** One that is there, with what ends it. */
interface Entry {
  about: Sandbox
  close(): Promise<void>
}

export interface SandboxesOptions extends Surroundings {
  /** The data folder. */
  root: string
}

/** Makes the sandboxes of a server: each a whole instance behind the same front, with data in a folder of its own. */
export function sandboxesOf({ around, root, clock, listensAt }: SandboxesOptions): OpenSandboxes {
  const folder = join(root, 'sandboxes')
  const putDatabase = emptyDatabaseIn(join(folder, 'empty'))
  const entries = new Map<string, Entry>()
  const ending = new Set<Promise<void>>()
  let making = 0
  let made = 0
  let looking: NodeJS.Timeout | undefined
  let isClosing = false

  const end = (id: string, { close }: Entry) => {
    entries.delete(id)
    if (entries.size === 0) looking = void clearInterval(looking)
    const done = close()
      .then(() => remove(join(folder, id)))
      .catch((error) => around.log.error({ err: error, sandbox: id }, 'could not remove a sandbox'))
      .finally(() => ending.delete(done))
    ending.add(done)
  }
  const endIdle = () => {
    for (const [id, entry] of entries)
      if (clock.now() - entry.about.usedAt > entry.about.idleSeconds * 1000) end(id, entry)
  }
  const removeOne = (id: string) => {
    endIdle()
    const entry = entries.get(id)
    if (!entry) throw new ApiError('sandboxNotFound')
    end(id, entry)
  }

  async function make({ seed, idleSeconds }: NewSandbox): Promise<Sandbox & SandboxCredentials> {
    const id = randomBytes(10).toString('hex')
    const now = clock.now()
    const about: Sandbox = {
      ...{ id, idleSeconds, createdAt: now, usedAt: now, bytes: 0 },
      url: around.addresses.publicUrl() + sandboxPath(id),
    }
    const path = join(folder, id)
    makeFolder(path)
    try {
      await putDatabase(path)
      const own: Sandboxes = {
        create: () => Promise.reject(invalid('A sandbox has no sandboxes of its own: ask without its token.')),
        list: () => [{ ...about }],
        remove(given) {
          if (given !== id) throw new ApiError('sandboxNotFound')
          removeOne(id)
        },
      }
      const opened = await openSandbox({
        ...{ about, around, clock, listensAt, folder: path, seed, sandboxes: own },
        number: made++,
      })
      entries.set(id, { about, close: opened.close })
      if (isClosing) end(id, { about, close: opened.close })
      return { ...about, ...opened.credentials }
    } catch (error) {
      await remove(path)
      throw error instanceof ConfigError ? invalid(error.message) : error
    }
  }

  return {
    open: () => remove(folder),

    async create(wanted) {
      endIdle()
      if (isClosing) throw new ApiError('unavailable', { detail: 'The server is ending.' })
      if (entries.size + making + ending.size >= most)
        throw invalid(`There are ${most} sandboxes already. Delete some: idle ones end by themselves.`)
      making++
      try {
        const sandbox = await make(wanted)
        if (entries.size > 0) looking ??= setInterval(endIdle, lookEveryMs).unref()
        return sandbox
      } finally {
        making--
      }
    },

    list() {
      endIdle()
      return [...entries.values()].map(({ about }) => ({ ...about }))
    },

    remove: removeOne,

    async close() {
      isClosing = true
      for (const [id, entry] of entries) end(id, entry)
      await Promise.all(ending)
    },
  }
}
