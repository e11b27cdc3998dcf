import { type Duplex, pipeline, type Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** A body cannot be decoded. `message` is for the person who named its address. */
export class DecodingFailed extends Error {}

/** The largest window that a decoder of zstd over HTTP must support is 8 MB (RFC 9659). */
const zstdWindow = { params: { [constants.ZSTD_d_windowLogMax]: 23 } }

/** The content codings of HTTP (RFC 9110, 8.4.1; RFC 7932; RFC 8878), with their decoders. */
const decoders: Record<string, () => Duplex> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress(zstdWindow),
}

/** Nobody has a reason to compress a picture more often. */
const mostCodings = 2

/**
 * Decodes the codings of a `Content-Encoding`, even if they were not requested. The reader bounds the size of the
 * output. Throws `DecodingFailed` for an unknown coding; reading throws it when the bytes are malformed.
 */
export function decoded(body: Readable, header: string | string[] | undefined): AsyncIterable<Buffer> {
  const codings = [header ?? []]
    .flat()
    .flatMap((line) => line.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const steps = codings.reverse().map((coding) => Object.hasOwn(decoders, coding) && decoders[coding]?.())
  const known = steps.filter((step) => step !== undefined && step !== false)
  if (known.length < steps.length || steps.length > mostCodings) {
    body.on('error', () => {}).destroy()
    throw new DecodingFailed('Its Content-Encoding is none of gzip, deflate, br and zstd.')
  }
  return known.length === 0 ? body : through(body, known)
}

/** Yields the output of the last decoder. Throws `DecodingFailed` for input that a decoder refuses. */
async function* through(body: Readable, steps: readonly Duplex[]): AsyncGenerator<Buffer> {
  let first: Readable | undefined
  for (const stream of [body, ...steps])
    stream.once('error', () => {
      first ??= stream
    })
  const last = steps.at(-1) ?? body
  pipeline([body, ...steps], () => {})
  try {
    yield* last
  } catch (error) {
    if (first === undefined || first === body) throw error
    throw new DecodingFailed('Its compressed answer is damaged.', { cause: error })
  } finally {
    last.destroy()
  }
}
