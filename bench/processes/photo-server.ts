/**
 * The web server that Pinfold fetches pictures from. Called with the path of a JPEG; every address under it gives the
 * same picture with a comment of its own, so that no two are the same bytes.
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
