/**
 * What search adds to making a Pin: its words, written to the index in a transaction of their own. Called with the
 * database of a server that is not running. A message with a number adds so many Pins.
 */
import { openSqlite } from '../../packages/server/src/db/sqlite.ts'
import { pinIndexOf } from '../../packages/server/src/domains/search/pin-index.ts'
import { random } from './random.ts'
import { someWords } from './words.ts'

const db = openSqlite(process.argv[2] ?? '', 'full')
const index = pinIndexOf(db)
const next = random(2)
let id = 900_000_000

async function addPin(): Promise<void> {
  const [title, description, alt_text] = [someWords(4, next), someWords(8, next), someWords(4, next)]
  const link = 'https://www.shop-7.example/things'
  const pin = { id: id++, owner_id: 1_000_000, board_id: 10_000_000, title, description, alt_text, link }
  await db.write((tx) => index.add(tx, [pin]))
}

process.on('message', async (message) => {
  if (typeof message !== 'number') return
  for (let i = 0; i < message; i++) await addPin()
  process.send?.('done')
})
console.log('ready at nothing')
process.channel?.ref()
