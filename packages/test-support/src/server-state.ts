import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Reads a server's data from outside: the rows of its SQLite file and the files of its pictures. */
export interface ServerState {
  /** Returns every row of every table, and every path below the media folder. */
  snapshot(): { rows: Record<string, unknown[]>; files: string[] }
  /** Returns a value that changes with each transaction of the server. */
  version(): unknown
  /** Returns the rows of a query. */
  all(sql: string): Record<string, unknown>[]
  close(): void
}

/** Returns the state of a server on SQLite with this data folder. */
export function serverState(dataDir: string): ServerState {
  const db = new DatabaseSync(join(dataDir, 'pinfold.db'), { readOnly: true, timeout: 5000 })
  const all = (sql: string) => db.prepare(sql).all()
  const version = () => all('PRAGMA data_version')[0]?.data_version

  function readRows(): Record<string, unknown[]> {
    const rowsOf = (name: string) => {
      const rows = db.prepare(`SELECT * FROM "${name}" ORDER BY 1`)
      // FTS5 numbers its own rows beyond what a number can be.
      rows.setReadBigInts(name.startsWith('pin_search_'))
      return rows.all()
    }
    const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return Object.fromEntries(tables.map(({ name }) => [`${name}`, rowsOf(`${name}`)]))
  }

  // What nobody has written to since is what it was.
  let last: { version: unknown; rows: Record<string, unknown[]> } | undefined
  return {
    all,
    version,
    snapshot() {
      // First, so that what is written meanwhile counts as later.
      const now = version()
      if (!last || last.version !== now) last = { version: now, rows: readRows() }
      return { rows: last.rows, files: filesBelow(join(dataDir, 'media')) }
    },
    close: () => db.close(),
  }
}

/** Returns the paths of all files below a folder, sorted; none if it does not exist. */
export function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
