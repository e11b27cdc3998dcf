/**
 * A bare node:http server that parses a list and inserts one row for each into a SQLite file, in one transaction that is safe
 * against power loss. Argument: the file's path. It checks nothing, and answers with the list.
 */
import { DatabaseSync } from 'node:sqlite'
import { listen } from './listen.ts'

const db = new DatabaseSync(process.argv[2] ?? '')
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
db.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, data TEXT NOT NULL)')
const insert = db.prepare('INSERT INTO things (data) VALUES (?)')

listen((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (part: string) => {
    text += part
  })
  request.on('end', () => {
    db.exec('BEGIN')
    const items = (JSON.parse(text) as object[]).map((given) => {
      const { lastInsertRowid } = insert.run(JSON.stringify(given))
      return { data: { id: String(lastInsertRowid), ...given }, exceptions: [] }
    })
    db.exec('COMMIT')
    const body = JSON.stringify({ items })
    response.writeHead(200, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))])
    response.end(body)
  })
})
