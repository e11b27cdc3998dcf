/**
 * Makes many copies of one Pin, directly in the database of a server that is not running. Arguments: the database, and
 * the number of copies. It prints their ids and their owner's.
 */
import { DatabaseSync } from 'node:sqlite'

const [file = '', count = ''] = process.argv.slice(2)
const db = new DatabaseSync(file)
const row = db.prepare("SELECT * FROM pins WHERE privacy = 'PUBLIC' ORDER BY id LIMIT 1").get() as Record<string, never>
const insert = db.prepare(`INSERT OR IGNORE INTO pins (${Object.keys(row)}) VALUES (${Object.keys(row).fill('?')})`)
const ids = Array.from({ length: Number(count) }, (_, i) => 1_000_000 + i)
db.exec('BEGIN')
for (const id of ids) insert.run(...Object.entries(row).map(([name, value]) => (name === 'id' ? id : value)))
db.exec('COMMIT')
db.close()
console.log(JSON.stringify({ ids, owner: row.owner_id }))
