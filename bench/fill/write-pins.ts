import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { cellsOf } from '../../packages/server/src/domains/looks/colour-cells.ts'
import { marksOf } from '../../packages/server/src/domains/looks/likeness.ts'
import { pinLookText, readPinLook } from '../../packages/server/src/domains/looks/pin-look.ts'
import { bulkInsert } from './bulk.ts'
import { accountId, type Given, pinRows } from './pin-rows.ts'
import type { Progress } from './progress.ts'

/** Writes the rows of Pins, oldest first. */
export function writePins(db: DatabaseSync, given: Given, progress: Progress): void {
  const { pins } = given.world
  progress.begin('Pins', pins)
  const rowOf = pinRows(given)
  const rows = bulkInsert(db, 'pins', Object.keys(rowOf(0)))
  for (let pin = 0; pin < pins; pin++) {
    rows.add(...(Object.values(rowOf(pin)) as SQLInputValue[]))
    if (pin % 1000 === 0) progress.reached(pin)
  }
  rows.flush()
}

/** Writes by which colours and marks Pins are found, in the order in which they are kept. */
export function writeLooks(db: DatabaseSync, given: Given, progress: Progress): void {
  const { world, pictures } = given
  const looks = pictures.map((picture) => readPinLook(pinLookText(picture)))
  const cells = looks.map((look) => new Set(cellsOf(look?.colours ?? [])))
  const marks = looks.map((look) => new Set(look ? marksOf(look) : []))
  const all = (sets: readonly Set<number>[]) => [...new Set(sets.flatMap((set) => [...set]))].sort((a, b) => a - b)
  /** Which of the pictures have it, by place. */
  const having = (sets: readonly Set<number>[], one: number) => Uint8Array.from(sets, (set) => Number(set.has(one)))

  const everyCell = all(cells)
  progress.begin('cells of colours', everyCell.length)
  const colours = bulkInsert(db, 'pin_colours', ['cell', 'pin_id'])
  for (const [done, cell] of everyCell.entries()) {
    const has = having(cells, cell)
    for (let pin = 0; pin < world.pins; pin++)
      if (has[world.picture[pin] ?? 0] === 1) colours.add(cell, world.pinId(pin))
    progress.reached(done + 1)
  }
  colours.flush()

  progress.begin('marks, by account', world.accounts)
  const everyMark = all(marks).map((mark) => ({ mark, has: having(marks, mark) }))
  const likenesses = bulkInsert(db, 'pin_likenesses', ['owner_id', 'mark', 'pin_id'])
  for (let account = 1; account <= world.accounts; account++) {
    // That of the demo last: its id is the largest.
    const owner = account % world.accounts
    const own = world.byOwner.subarray(world.firstOfOwner[owner], world.firstOfOwner[owner + 1])
    const ofPictures: number[][] = pictures.map(() => [])
    for (const pin of own) ofPictures[world.picture[pin] ?? 0]?.push(world.pinId(pin))
    for (const { mark, has } of everyMark) {
      const ids = ofPictures.filter((_, place) => has[place] === 1)
      const ordered = ids.length === 1 ? ids[0] : ids.flat().sort((a, b) => a - b)
      for (const id of ordered ?? []) likenesses.add(accountId(given, owner), mark, id)
    }
    progress.reached(account)
  }
  likenesses.flush()
}
