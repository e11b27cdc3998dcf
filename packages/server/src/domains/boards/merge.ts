import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { checkPinsOnBoard } from './pin-places.ts'
import { type BoardRemovalOptions, forgetPeople } from './remove.ts'
import type { BoardRow } from './store/boards.ts'
import type { SectionStore } from './store/sections.ts'
import { toldBoard } from './told.ts'

type Tx = Transaction<Schema>

/** Where the Pins of a board go. */
export interface Merge {
  into_board_id: string
  /** Whether those in no section go into one that has the board's name. */
  as_section?: boolean
}

/** Merges boards. */
export interface BoardMerging {
  /**
   * Moves the Pins and sections of a board to another, and deletes it: all at once, or nothing. Sections of the same name
   * become one; the Pins of each board keep their order, and stand among each other by when they were pinned. They
   * become as private as the other board. Returns that. Throws as `findToOwn` for both, a 400 for one and the same board,
   * for one that is for advertising only, or when there are too many sections, and `forbidden` for too many Pins.
   */
  merge(viewer: Viewer, id: string, merge: Merge, written?: Written<BoardRow>): Promise<BoardRow>
}

export interface BoardMergingOptions extends BoardRemovalOptions {
  clock: Clock
  ids: IdMaker
}

/** Makes the merging of boards. */
export function boardMerging(options: BoardMergingOptions): BoardMerging {
  const { db, clock, store, reads, pins, outbox } = options

  /** Holds both boards against other writers, in the order of their ids. Returns them, with the Pins of both counted. */
  async function hold(
    tx: Tx,
    viewer: Viewer,
    from: number,
    to: number,
  ): Promise<{ source: BoardRow; target: BoardRow }> {
    for (const id of [from, to].sort((a, b) => a - b)) {
      const held = await store.lock(tx, id)
      if (!held || (held.privacy === 'SECRET' && viewer.secret !== 'write')) throw new ApiError('boardNotFound')
    }
    const source = await store.countPins(tx, from, 0, clock.now())
    const target = source && (await store.countPins(tx, to, source.pin_count, clock.now()))
    if (!source || !target) throw new ApiError('boardNotFound')
    checkPinsOnBoard(target.pin_count)
    return { source, target }
  }

  return {
    async merge(viewer, id, { into_board_id, as_section = false }, written) {
      const from = await reads.findToOwn(viewer, id)
      const to = await reads.findToOwn(viewer, into_board_id)
      if (from.id === to.id) throw invalid(`'into_board_id' must be another board.`)
      if (from.is_ads_only || to.is_ads_only) throw invalid('A board for advertising only cannot be merged.')
      return db.write(async (tx) => {
        const { source, target } = await hold(tx, viewer, from.id, to.id)
        if (source.privacy !== target.privacy) await pins.setPrivacy(tx, source.id, source.privacy, target.privacy)
        await moveSections(tx, source, target, options)
        const isLoose = as_section && (await pins.hasLoose(tx, source.id))
        const sectionId = isLoose ? await sectionNamedAfter(tx, source, target, options) : null
        await pins.moveAll(tx, source.id, target.id, sectionId)
        await forgetPeople(tx, source, options)
        await store.delete(tx, source.id)
        const merged = await store.update(tx, target.id, { pins_modified_at: target.pins_modified_at })
        if (!merged) throw new ApiError('boardNotFound')
        await outbox.changed(tx, [source.owner_id], () => ({ kind: 'board', id: source.id, before: toldBoard(source) }))
        await outbox.changed(tx, [merged.owner_id], () => {
          const told = toldBoard(merged)
          return { kind: 'board', id: merged.id, before: told, after: told, changed: ['pins'] }
        })
        await written?.(tx, merged)
        return merged
      })
    },
  }
}

type SectionOptions = Pick<BoardMergingOptions, 'clock' | 'ids' | 'sections' | 'pins'>

/** Moves the sections of a board to another; the Pins of those whose names are there go into the ones that have them. */
async function moveSections(
  tx: Tx,
  source: BoardRow,
  target: BoardRow,
  { sections, pins }: SectionOptions,
): Promise<void> {
  const there = new Map((await sections.allOf(tx, target.id)).map(({ id, name_key }) => [name_key, id]))
  const moved = await sections.allOf(tx, source.id)
  for (const { id, name_key } of moved) {
    const same = name_key === null ? undefined : there.get(name_key)
    if (same === undefined) continue
    await pins.moveSection(tx, id, same)
    await sections.delete(tx, id)
  }
  await sections.moveAll(tx, source.id, target.id)
  await checkSections(tx, target, sections)
}

/** Returns the section of a board that has the name of another one, and makes it if there is none. */
async function sectionNamedAfter(
  tx: Tx,
  { name }: BoardRow,
  target: BoardRow,
  { clock, ids, sections }: SectionOptions,
): Promise<number> {
  const key = nameKey(name)
  const existing = await sections.idByName(tx, target.id, key)
  if (existing !== undefined) return existing
  const row = { id: ids.next(), board_id: target.id, name, name_key: key, place: null, created_at: clock.now() }
  await sections.insert(tx, row)
  await checkSections(tx, target, sections)
  return row.id
}

async function checkSections(tx: Tx, { id }: BoardRow, sections: SectionStore): Promise<void> {
  if ((await sections.count(tx, id)) > limits.sectionsPerBoard)
    throw invalid(`A board has ${limits.sectionsPerBoard} sections at most, and both together have more.`)
}
