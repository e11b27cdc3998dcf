/**
 * A search as the bare statements that it comes to: the match in FTS5, and the Pins that it found, by node:sqlite.
 * Arguments: the database, the statement and the match. A message with a number searches so often.
 */
import { DatabaseSync } from 'node:sqlite'

const [file = '', statement = '', match = ''] = process.argv.slice(2)
const db = new DatabaseSync(file, { readOnly: true })
const find = db.prepare(statement)
const read = db.prepare('SELECT id, owner_id, rendered, privacy FROM pins WHERE id = ?')

process.on('message', (message) => {
  if (typeof message !== 'number') return
  for (let i = 0; i < message; i++) for (const { id } of find.all(match).slice(0, 26)) read.get(id ?? null)
  process.send?.('done')
})
console.log('ready at nothing')
process.channel?.ref()
