/**
 * Fills a data folder with many Pins that can be searched, straight into the database of a server that is not running.
 * Arguments: the database, how many Pins, and how many of them are of the account of the demo; the others are of accounts
 * with a fiftieth of them each. There are 200 on a board, one in ten is a save of another one. Prints the ids of one of
 * the saves, of a Pin of the account that looks like others, and of the account.
 */
import { DatabaseSync } from 'node:sqlite'
import { openSqlite } from '../../packages/server/src/db/sqlite.ts'
import { type LookedPin, lookIndexOf } from '../../packages/server/src/domains/looks/look-index.ts'
import type { PinLook } from '../../packages/server/src/domains/looks/pin-look.ts'
import { pinIndexOf, type SearchedPin } from '../../packages/server/src/domains/search/pin-index.ts'
import { random } from './random.ts'
import { someWords } from './words.ts'

type Row = Record<string, string | number | null>

const [file = '', pinCount = '', ownCount = ''] = process.argv.slice(2)
const [pins, own] = [Number(pinCount), Number(ownCount)]
const [firstPin, firstBoard, firstOwner] = [100_000_000, 10_000_000, 1_000_000]
const onBoard = 200
const next = random(1)
const below = (count: number) => Math.floor(next() * count)

const ownerAt = (i: number, ownerOfAll: number) =>
  i < own ? ownerOfAll : firstOwner + Math.floor(((i - own) * 50) / Math.max(1, pins - own))
/** Boards are next to each other, and so are the Pins of an account; in between they are mixed. */
const boardAt = (i: number) => firstBoard + Math.floor(i / 1000) * (1000 / onBoard) + below(1000 / onBoard)
const colour = () =>
  `#${below(2 ** 24)
    .toString(16)
    .padStart(6, '0')}`

const digits = (count: number) => Array.from({ length: count }, () => below(16).toString(16)).join('')
/** Pictures have four colours; of a hundred, two look alike. */
const look = (i: number): PinLook => ({
  colours: Array.from({ length: 4 }, () => ({ hex: colour(), share: 5 + below(40) })),
  hash: i % 50 === 0 ? 'f00dfeedf00dfeed' : digits(16),
  source: digits(12),
})

function pinAt(i: number, template: Row): Row {
  const isSave = i > 0 && next() < 0.1
  return {
    ...template,
    id: firstPin + i,
    owner_id: ownerAt(i, Number(template.owner_id)),
    board_id: boardAt(i),
    section_id: null,
    parent_pin_id: isSave ? firstPin + Math.floor(i * next() ** 2) : null,
    is_repin: isSave ? 1 : 0,
    title: someWords(4, next),
    description: someWords(8, next),
    alt_text: someWords(4, next),
    link: `https://www.shop-${below(500)}.example/things`,
    link_host: null,
    dominant_color: colour(),
    picture_key: `picture-${i}`,
    look: JSON.stringify(look(i)),
  }
}

/** Writes what tells a Pin apart into its kept text; its pictures are those of a Pin of the demo. */
const renderedAs = ({ id, board_id, title }: Row, rendered: string): string =>
  rendered
    .replace(/"id":"\d+"/, `"id":"${id}"`)
    .replace(/"board_id":"\d+"/, `"board_id":"${board_id}"`)
    .replace(/"title":"[^"]*"/, `"title":"${title}"`)

const raw = new DatabaseSync(file)
raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA foreign_keys = OFF')
const firstOf = (table: string): Row =>
  raw.prepare(`SELECT * FROM ${table} WHERE privacy = 'PUBLIC' ORDER BY id LIMIT 1`).get() as Row
const insert = (table: string, row: Row) =>
  raw.prepare(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).fill('?')})`)

const [board, template] = [firstOf('boards'), firstOf('pins')]
const texts = raw
  .prepare("SELECT rendered FROM pins WHERE privacy = 'PUBLIC' AND creative_type = 'REGULAR' ORDER BY id")
  .all()
  .map(({ rendered }) => String(rendered))
const [insertBoard, insertPin] = [insert('boards', board), insert('pins', template)]
let save = firstPin
raw.exec('BEGIN')
for (let i = 0; i < Math.ceil(pins / 1000) * (1000 / onBoard); i++) {
  const name = `Board ${i} ${someWords(2, next)}`
  const owner_id = ownerAt(Math.min(pins - 1, i * onBoard), Number(board.owner_id))
  insertBoard.run(...Object.values({ ...board, id: firstBoard + i, owner_id, name, name_key: name }))
}
const searched: (SearchedPin & LookedPin)[] = []
for (let i = 0; i < pins; i++) {
  const pin = pinAt(i, template)
  pin.rendered = renderedAs(pin, texts[i % texts.length] ?? '')
  insertPin.run(...Object.values(pin))
  if (pin.is_repin === 1) save = Number(pin.id)
  searched.push(pin as unknown as SearchedPin & LookedPin)
}
raw.exec('COMMIT')
raw.close()

const db = openSqlite(file, 'relaxed')
const index = pinIndexOf(db)
const looks = lookIndexOf(db)
for (let from = 0; from < pins; from += 2000)
  await db.write(async (tx) => {
    const some = searched.slice(from, from + 2000)
    await index.add(tx, some)
    await looks.add(tx, some)
  })
await db.close()
console.log(JSON.stringify({ save: String(save), alike: String(firstPin), owner: template.owner_id }))
