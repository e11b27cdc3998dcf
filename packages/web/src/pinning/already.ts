import { type Duplicate, findBytes, listDuplicates } from '../api/calls.ts'
import type { Item } from './queue.ts'
import { patiently } from './write-all.ts'

/** A Pin of one's own that shows what a Pin to make shows. */
export interface Already {
  pinId: string
  /** The name of its board; undefined if one may not see the board any more. */
  board: string | undefined
  /** Whether the files are the same; else they look the same. */
  isCertain: boolean
}

/** Is told what somebody has already. */
type Note = (id: string, already: Already) => void

/** The server is asked about this many files at a time. */
const atATime = 25

const alreadyOf = ({ pin, board }: Duplicate, isCertain: boolean): Already => ({
  pinId: String(pin.id),
  board: board?.name,
  isCertain,
})

/**
 * Looks for the very files among one's Pins, before they are sent. It helps where it can: what fails, or a browser without
 * SHA-256 (over plain HTTP), is no reason to say anything.
 */
export async function lookForBytes(items: readonly Item[], note: Note): Promise<void> {
  const fit = items.filter(({ kind, state }) => kind === 'picture' && state === 'ready')
  for (let from = 0; from < fit.length; from += atATime) {
    const hashed = new Map<string, string[]>()
    for (const { id, source } of fit.slice(from, from + atATime)) {
      const sha256 = 'file' in source ? await sha256Of(source.file) : undefined
      if (sha256 !== undefined) hashed.set(sha256, [...(hashed.get(sha256) ?? []), id])
    }
    if (hashed.size === 0) continue
    const asking = () => findBytes({ query: { sha256: [...hashed.keys()] } })
    const { items: found } = await patiently(asking).catch(() => ({ items: [] }))
    // The newest comes first, and is the one that is shown.
    for (const { sha256, ...duplicate } of found.toReversed())
      for (const id of hashed.get(sha256) ?? []) note(id, alreadyOf(duplicate, true))
  }
}

/** Looks for what a Pin looks like that was just made. */
export async function lookForAlike(id: string, pinId: string, note: Note): Promise<void> {
  const asking = () => listDuplicates({ params: { pin_id: pinId } })
  const { same, similar } = await patiently(asking).catch(() => ({ same: [], similar: [] }))
  const [first = similar[0]] = same
  if (first) note(id, alreadyOf(first, same.length > 0))
}

/** Returns the SHA-256 of a file in hexadecimal digits; undefined if it cannot be read, or the browser cannot tell. */
async function sha256Of(file: File): Promise<string | undefined> {
  try {
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return undefined
  }
}
