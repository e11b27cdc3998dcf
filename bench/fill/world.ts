/**
 * Who has which Pins, where, and how often they are seen: a world that follows from its size and a seed. Nothing of it is
 * in the database yet.
 */
import { firstIdAt, timeOfId } from '../../packages/server/src/core/ids.ts'
import { chance } from './chance.ts'

/** How much there is to be. */
export interface FillSize {
  pins: number
  /** Rows of the four tables of numbers, about. */
  rollups: number
  /** How many of the newest Pins are found by their words. */
  searched: number
  seed: number
}

/** Each kind of choice has a number, so that none follows from another. */
export const purpose = {
  owner: 0,
  board: 1,
  section: 2,
  picture: 3,
  save: 4,
  parent: 5,
  time: 6,
  secret: 7,
  counted: 8,
  popularity: 9,
  words: 20,
  link: 30,
  day: 40,
} as const

/** The first account is that of the demo. It has so many Pins at most, as many in a world of any size. */
const mostOwn = 10_000
const pinsPerAccount = 200
const [pinsPerBoard, mostBoards] = [50, 500]
/** Every so manieth board has sections, and so does the first of an account. */
const [sectionsEvery, sectionsEach] = [4, 3]

export interface World extends FillSize {
  /** Midnight, UTC, after the last Pin. */
  end: number
  accounts: number
  boards: number
  sections: number
  /** By Pin: the account, the board, the section or none (-1), the picture, and the Pin that it was saved from or none (-1). */
  owner: Uint32Array
  board: Uint32Array
  section: Int32Array
  picture: Uint8Array
  parent: Int32Array
  /** By board: its owner, how many it is among its owner's boards, its first section or none (-1), and whether it is secret. */
  boardOwner: Uint32Array
  boardPlace: Uint16Array
  firstSection: Int32Array
  isSecret: Uint8Array
  /** By account: its first board; one more at the end. */
  firstBoard: Uint32Array
  /** Pins by account, oldest first; and by account where they begin, one more at the end. */
  byOwner: Uint32Array
  firstOfOwner: Uint32Array
  pinId(pin: number): number
}

const epochMs = timeOfId(0)
/** The id of an account, a board, a section, or of who follows whom: the first ones of all. */
export const earlyId = (place: number): number => firstIdAt(epochMs + 1 + place)

export const sectionsOf = ({ firstSection }: World, board: number): number =>
  firstSection[board] === -1 ? 0 : sectionsEach

/** Makes a world with so many pictures, until the midnight `end`. */
export function worldOf(size: FillSize, pictures: number, end: number): World {
  const { pins, seed } = size
  const begin = epochMs + Math.floor((end - epochMs) / 10)
  if (end - begin < pins * 10) throw new Error('The clock is too near to 2026-01-01, when the first id was made.')
  const at = (place: number, what: number) => chance(seed, place, what)
  const own = Math.min(mostOwn, pins >> 1)
  const accounts = 1 + Math.max(1, Math.ceil((pins - own) / pinsPerAccount))

  const owner = new Uint32Array(pins)
  const firstOfOwner = new Uint32Array(accounts + 1)
  for (let pin = 0; pin < pins; pin++) {
    const one = at(pin, purpose.owner)
    const share = own / pins
    const account = one < share ? 0 : 1 + Math.floor((accounts - 1) * ((one - share) / (1 - share)) ** 2)
    owner[pin] = account
    firstOfOwner[account + 1] = (firstOfOwner[account + 1] ?? 0) + 1
  }
  for (let account = 0; account < accounts; account++)
    firstOfOwner[account + 1] = (firstOfOwner[account + 1] ?? 0) + (firstOfOwner[account] ?? 0)
  const byOwner = new Uint32Array(pins)
  const next = firstOfOwner.slice()
  for (let pin = 0; pin < pins; pin++) {
    const account = owner[pin] ?? 0
    const place = next[account] ?? 0
    byOwner[place] = pin
    next[account] = place + 1
  }

  const firstBoard = new Uint32Array(accounts + 1)
  for (let account = 0; account < accounts; account++) {
    const count = (firstOfOwner[account + 1] ?? 0) - (firstOfOwner[account] ?? 0)
    const boards = Math.min(mostBoards, Math.max(1, Math.ceil(count / pinsPerBoard)))
    firstBoard[account + 1] = (firstBoard[account] ?? 0) + boards
  }
  const boards = firstBoard[accounts] ?? 0
  const boardOwner = new Uint32Array(boards)
  const boardPlace = new Uint16Array(boards)
  const firstSection = new Int32Array(boards).fill(-1)
  const isSecret = new Uint8Array(boards)
  let sections = 0
  for (let account = 0; account < accounts; account++)
    for (let board = firstBoard[account] ?? 0; board < (firstBoard[account + 1] ?? 0); board++) {
      const place = board - (firstBoard[account] ?? 0)
      boardOwner[board] = account
      boardPlace[board] = place
      if (place > 0 && at(board, purpose.secret) < 0.12) isSecret[board] = 1
      if (place % sectionsEvery !== 0) continue
      firstSection[board] = sections
      sections += sectionsEach
    }

  const board = new Uint32Array(pins)
  const section = new Int32Array(pins).fill(-1)
  const picture = new Uint8Array(pins)
  const parent = new Int32Array(pins).fill(-1)
  for (let pin = 0; pin < pins; pin++) {
    const account = owner[pin] ?? 0
    const first = firstBoard[account] ?? 0
    // The first boards of an account have most of its Pins.
    const on = first + Math.floor(at(pin, purpose.board) ** 3 * ((firstBoard[account + 1] ?? 0) - first))
    board[pin] = on
    const where = Math.floor(at(pin, purpose.section) * 2 * sectionsEach)
    if (firstSection[on] !== -1 && where < sectionsEach) section[pin] = (firstSection[on] ?? 0) + where
    picture[pin] = Math.floor(at(pin, purpose.picture) * pictures)
    if (pin === 0 || at(pin, purpose.save) > 0.1) continue
    const from = Math.floor(pin * at(pin, purpose.parent))
    if (isSecret[board[from] ?? 0] === 1) continue
    parent[pin] = from
    picture[pin] = picture[from] ?? 0
  }
  const apart = (end - begin) / pins
  return {
    ...size,
    ...{ end, accounts, boards, sections, owner, board, section, picture, parent, boardOwner, boardPlace },
    ...{ firstSection, isSecret, firstBoard, byOwner, firstOfOwner },
    pinId: (pin) => firstIdAt(begin + Math.floor((pin + 0.9 * at(pin, purpose.time)) * apart)),
  }
}
