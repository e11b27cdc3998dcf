import { type Duplex, pipeline, type Readable } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** What was sent cannot be decoded. `message` is for whoever named its address. */
export class DecodingFailed extends Error {}

/** The largest window that a decoder of zstd over HTTP need have is 8 MB (RFC 9659). */
const zstdWindow = { params: { [constants.ZSTD_d_windowLogMax]: 23 } }

/** The codings of HTTP (RFC 9110, 8.4.1; RFC 7932; RFC 8878), each with what undoes it. */
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
 * Undoes the codings that a `Content-Encoding` names, also where they were not asked for. Whoever reads bounds how much
 * comes out. Throws `DecodingFailed` for one that is not known; reading throws it when the bytes are not what it says.
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

/** What comes out of the last of the decoders. What a decoder does not take is thrown as `DecodingFailed`. */
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
