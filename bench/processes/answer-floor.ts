/** A bare node:http server that gives one answer to everything. Called with the path of a file that holds it. */
import { readFileSync } from 'node:fs'
import type { Answer } from '../load.ts'
import { listen } from './listen.ts'

const { status, headers, body }: Answer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const flat = headers.flat()

listen((_request, response) => {
  response.writeHead(status, flat)
  response.end(body)
})
