import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import { chooseEncoding } from './accept-encoding.ts'

/** A shorter text fits into one packet as it is. */
const leastLength = 1000

/** As small as it gets within half a millisecond for a page of Pins; 64 KB are looked back on, for little memory. */
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 16 } }

const [brotlied, gzipped] = [promisify(brotliCompress), promisify(gzip)]

/** A text as it is sent. */
export interface SentText {
  body: string | Buffer
  /** Its `content-encoding`, if it is compressed, and what else follows from that. */
  headers: Record<string, string>
  /** What tells the encodings of a text apart in its ETag; empty for the text itself. */
  tag: string
}

/** Returns a text in the encoding that a request accepts, compressed if it is worth it. */
export async function compressFor({ headers }: Pick<FastifyRequest, 'headers'>, text: string): Promise<SentText> {
  const vary = { vary: 'accept-encoding' }
  const accepted = [headers['accept-encoding']].flat().join() || undefined
  const encoding = chooseEncoding(accepted, ['br', 'gzip'])
  if (encoding === 'identity' || text.length < leastLength) return { body: text, headers: vary, tag: '' }
  const body = await (encoding === 'br' ? brotlied(text, options) : gzipped(text))
  return { body, headers: { ...vary, 'content-encoding': encoding }, tag: `-${encoding}` }
}
