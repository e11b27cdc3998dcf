import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Looks at what a server keeps, from outside: the rows of its SQLite file and the files of its pictures. */
export interface ServerState {
  /** Every row of every table, and every path below the media folder. */
  snapshot(): { rows: Record<string, unknown[]>; files: string[] }
  /** Grows with each transaction that the server writes. */
  version(): unknown
  /** The rows of a query. */
  all(sql: string): Record<string, unknown>[]
  close(): void
}

/** The state of a server on SQLite, whose data folder this is. */
export function serverState(dataDir: string): ServerState {
  const db = new DatabaseSync(join(dataDir, 'pinfold.db'), { readOnly: true, timeout: 5000 })
  const all = (sql: string) => db.prepare(sql).all()
  return {
    all,
    version: () => all('PRAGMA data_version')[0]?.data_version,
    snapshot() {
      const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(
        ({ name }) => `${name}`,
      )
      return {
        rows: Object.fromEntries(tables.map((name) => [name, all(`SELECT * FROM "${name}" ORDER BY 1`)])),
        files: filesBelow(join(dataDir, 'media')),
      }
    },
    close: () => db.close(),
  }
}

/** Paths of all files below a folder, sorted; none when it is not there. */
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
