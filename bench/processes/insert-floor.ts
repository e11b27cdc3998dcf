/**
 * A bare node:http server that parses the body and inserts one row into a SQLite file, safe against power loss.
 * Argument: the file's path. It checks nothing, and answers with the row.
 */
import { DatabaseSync } from 'node:sqlite'
import { listen } from './listen.ts'

const db = new DatabaseSync(process.argv[2] ?? '')
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
db.exec('CREATE TABLE boards (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL)')
const insert = db.prepare('INSERT INTO boards (name, description) VALUES (?, ?)')

listen((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (part: string) => {
    text += part
  })
  request.on('end', () => {
    const { name, description }: { name: string; description: string } = JSON.parse(text)
    const { lastInsertRowid } = insert.run(name, description)
    const body = JSON.stringify({ id: String(lastInsertRowid), name, description })
    response.writeHead(201, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))])
    response.end(body)
  })
})
