/** A bare node:http server that returns one answer to everything. Argument: the path of a file with the answer. */
import { readFileSync } from 'node:fs'
import type { Answer } from '../load.ts'
import { listen } from './listen.ts'

const { status, headers, body }: Answer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const flat = headers.flat()
const bytes = Buffer.from(body)

listen((_request, response) => {
  response.writeHead(status, flat)
  response.end(bytes)
})
