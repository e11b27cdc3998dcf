/**
 * The web server that Pinfold fetches pictures from. Argument: the path of a JPEG. Every address returns the same
 * picture with a different comment, so that no two have the same bytes.
 */
import { readFileSync } from 'node:fs'
import { commented } from '../photo.ts'
import { listen } from './listen.ts'

const picture = readFileSync(process.argv[2] ?? '')

listen((request, response) => {
  const bytes = commented(picture, request.url ?? '')
  response.writeHead(200, ['content-type', 'image/jpeg', 'content-length', String(bytes.length)])
  response.end(bytes)
})
