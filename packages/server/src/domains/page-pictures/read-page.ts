import type { Agent } from 'undici'
import { ApiError } from '../../core/errors.ts'
import { requestGuarded } from '../../core/fetch-guard.ts'
import { decoded } from '../media/decode-content.ts'
import { formatOf } from '../media/renditions.ts'

/** What is at an address: a picture, or the beginning of a page. */
export type ReadAddress = { url: URL } & ({ kind: 'picture' } | { kind: 'page'; html: string })

export interface ReadOptions {
  agent: Agent
  allowLoopback: boolean
  signal: AbortSignal
}

/** No more of a page is read. */
const pageBytes = 2_000_000
const headers = {
  accept: 'text/html,application/xhtml+xml,image/*;q=0.9',
  'accept-encoding': 'identity',
  'user-agent': 'Pinfold (page reader)',
}

/**
 * Reads what is at an address: of a page its first 2 MB, of a picture no more than tells that it is one. Throws
 * `imageUnreachable`, `imageInvalid` for something else, and what the connection fails with.
 */
export async function readAddress(address: string, options: ReadOptions): Promise<ReadAddress> {
  const { url, statusCode, body, headers: answered } = await requestGuarded(address, { ...options, headers })
  try {
    if (statusCode !== 200) throw new ApiError('imageUnreachable', { detail: `It answered with status ${statusCode}.` })
    const type = [answered['content-type']].flat()[0] ?? ''
    const parts: Buffer[] = []
    let size = 0
    for await (const part of decoded(body, answered['content-encoding'])) {
      parts.push(part)
      size += part.length
      if (size >= pageBytes || (size >= 64 && formatOf(Buffer.concat(parts)))) break
    }
    const bytes = Buffer.concat(parts).subarray(0, pageBytes)
    if (formatOf(bytes)) return { kind: 'picture', url }
    if (!isPage(type, bytes))
      throw new ApiError('imageInvalid', { detail: 'It is neither a page nor a JPEG, PNG, GIF, WebP or AVIF.' })
    return { kind: 'page', url, html: textOf(bytes, type) }
  } finally {
    body.on('error', () => {}).destroy()
  }
}

function isPage(type: string, bytes: Buffer): boolean {
  if (type === '') return bytes.subarray(0, 1000).toString('latin1').trimStart().startsWith('<')
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(type)
}

/** Decodes a page, in the encoding that its headers or its first bytes tell, or else in UTF-8. */
function textOf(bytes: Buffer, type: string): string {
  const named = /charset\s*=\s*["']?\s*([\w:.-]{1,40})/i
  const [, label = 'utf-8'] = named.exec(type) ?? named.exec(bytes.subarray(0, 1024).toString('latin1')) ?? []
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}
