import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** A set of the names of contents that takes little memory, however many they are. */
export interface IdSet extends Disposable {
  /** Adds one; returns whether it is new. */
  add(id: string): boolean
  has(id: string): boolean
}

/** Makes an empty set in a file, which is removed again. */
export function idSetIn(file: string): IdSet {
  rmSync(file, { force: true })
  const db = new DatabaseSync(file)
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32000',
  )
  db.exec('CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN')
  const add = db.prepare('INSERT OR IGNORE INTO ids VALUES (?)')
  const has = db.prepare('SELECT 1 FROM ids WHERE id = ?')
  return {
    add: (id) => Number(add.run(Buffer.from(id, 'hex')).changes) > 0,
    has: (id) => has.get(Buffer.from(id, 'hex')) !== undefined,
    [Symbol.dispose]() {
      db.close()
      rmSync(file, { force: true })
    },
  }
}
