import type { DatabaseSync } from 'node:sqlite'
import type { ChangedIds } from './database.ts'

type Changed = (ids: ChangedIds) => void

/** Above this many rows of a transaction it is not kept which. */
const mostIds = 10_000

/** The name of the function of SQL that triggers call: with the number of a watch, and the id of a row. */
const noteFunction = 'pinfold_note_change'

/**
 * Watches rows on the connection that writes, with triggers of that connection alone: whatever statement changes a row is
 * noticed, also where a foreign key does it.
 */
export class RowWatch {
  readonly #writer: DatabaseSync
  readonly #watches: { changed: Changed; pending: Set<number>; isAll: boolean }[] = []
  readonly #ofOthers: (() => void)[] = []
  #othersVersion: unknown
  #version = 0

  constructor(writer: DatabaseSync) {
    this.#writer = writer
    this.#othersVersion = this.#readVersion()
  }

  /** Begins to watch the rows of a table. `columns`: those whose values matter. */
  add(table: string, columns: readonly string[], changed: Changed): void {
    const number = this.#watches.push({ changed, pending: new Set(), isAll: false }) - 1
    if (number === 0) this.#writer.function(noteFunction, (watch, id) => this.#note(Number(watch), Number(id)))
    const note = `begin select ${noteFunction}(${number}, old.id); end`
    const names = columns.map((name) => `"${name}"`).join(', ')
    this.#writer.exec(
      `create temp trigger "watch_${number}_update" after update of ${names} on main."${table}" ${note}`,
    )
    this.#writer.exec(`create temp trigger "watch_${number}_delete" after delete on main."${table}" ${note}`)
  }

  /** Begins to watch what other processes commit, whatever it is. */
  addOthers(changed: () => void): void {
    this.#ofOthers.push(changed)
  }

  /** A number that changes with each commit: of this process at once, of another's when `findOthers` finds it. */
  get version(): number {
    return this.#version
  }

  /** To be called as soon as a transaction is committed. */
  committed(): void {
    this.#version++
    for (const watch of this.#watches) {
      if (watch.pending.size === 0 && !watch.isAll) continue
      watch.changed(watch.isAll ? 'all' : watch.pending)
    }
    this.rolledBack()
  }

  /** To be called when one is rolled back. */
  rolledBack(): void {
    for (const watch of this.#watches) {
      if (watch.pending.size > 0) watch.pending = new Set()
      watch.isAll = false
    }
  }

  /** Finds out whether another process has committed anything since this was last called. */
  findOthers(): void {
    const version = this.#readVersion()
    if (version === this.#othersVersion) return
    this.#othersVersion = version
    this.#version++
    for (const { changed } of this.#watches) changed('all')
    for (const changed of this.#ofOthers) changed()
  }

  #note(number: number, id: number): null {
    const watch = this.#watches[number]
    if (watch && !watch.isAll) watch.pending.add(id)
    if (watch && watch.pending.size > mostIds) {
      watch.isAll = true
      watch.pending.clear()
    }
    return null
  }

  /** A number that changes when another connection has committed: of this process none but this one writes. */
  #readVersion(): unknown {
    return this.#writer.prepare('PRAGMA data_version').get()?.data_version
  }
}
