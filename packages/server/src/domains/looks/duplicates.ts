import type { Viewer } from '../../core/viewer.ts'
import type { ReadPin } from '../pins/pins.ts'
import type { LookingPin, SearchablePins } from '../search/searchable-pins.ts'
import { looksAlike, markOfSource, marksLike } from './likeness.ts'
import type { LookIndex } from './look-index.ts'
import { type PinLook, readPinLook, sourceDigits } from './pin-look.ts'

/** What a Pin of the viewer's has in common with something. */
export interface Duplicates {
  /** Pins that show the very same bytes, newest first. */
  same: OwnPin[]
  /** Pins that look like it, newest first. */
  similar: OwnPin[]
}

export type OwnPin = Pick<LookingPin, 'id' | 'board_id'>

/** Tells people what they have already: of their own Pins alone, as far as they may see those. */
export interface DuplicateFinder {
  /** Returns the viewer's newest Pins with a picture of these bytes, for each SHA-256 in hexadecimal digits. */
  ofBytes(viewer: Viewer, sha256s: readonly string[]): Promise<Map<string, OwnPin[]>>
  /** Returns the viewer's other Pins that show what a Pin shows, which the viewer was found to see. */
  ofPin(viewer: Viewer, pin: Pick<ReadPin, 'id'>): Promise<Duplicates>
}

export interface DuplicateFinderOptions {
  looks: Pick<LookIndex, 'marked'>
  pins: Pick<SearchablePins, 'looked'>
  /** Returns the SHA-256 of what pictures were made of, by their keys. */
  sourcesOf(keys: readonly string[]): Promise<Map<string, string>>
}

/** At most this many Pins are returned of each kind. */
const most = 5

/** Makes the finder. */
export function duplicateFinder({ looks, pins, sourcesOf }: DuplicateFinderOptions): DuplicateFinder {
  /** Returns the viewer's Pins with one of the marks, newest first, as far as they may be seen. */
  async function ownMarked({ accountId, secret }: Viewer, marks: readonly number[]): Promise<LookingPin[]> {
    const found = await pins.looked(await looks.marked(accountId, [...new Set(marks)]))
    return found.filter(
      ({ owner_id, privacy }) => owner_id === accountId && (privacy !== 'SECRET' || secret !== 'none'),
    )
  }

  return {
    async ofBytes(viewer, sha256s) {
      const wanted = new Set(sha256s)
      const marks = sha256s.map((each) => markOfSource(each.slice(0, sourceDigits)))
      const found = await ownMarked(viewer, marks)
      const sources = await sourcesOf(found.map(({ picture_key }) => picture_key))
      const byHash = Map.groupBy(found, ({ picture_key }) => sources.get(picture_key) ?? '')
      return new Map([...byHash].flatMap(([hash, same]) => (wanted.has(hash) ? [[hash, same.slice(0, most)]] : [])))
    },

    async ofPin(viewer, { id }) {
      const [pin] = await pins.looked([id])
      const look = readPinLook(pin?.look ?? null)
      if (!pin || !look) return { same: [], similar: [] }
      const marks = [markOfSource(look.source), ...marksLike(look)]
      const others = (await ownMarked(viewer, marks)).filter((other) => other.id !== id)
      const sources = await sourcesOf([pin, ...others].map(({ picture_key }) => picture_key))
      const isSame = ({ picture_key: key }: LookingPin) =>
        key === pin.picture_key || sources.get(key) === sources.get(pin.picture_key)
      const similar = others.filter((other) => !isSame(other) && isLike(look, other))
      return { same: others.filter(isSame).slice(0, most), similar: similar.slice(0, most) }
    },
  }
}

function isLike(look: PinLook, other: LookingPin): boolean {
  const read = readPinLook(other.look)
  return read !== undefined && looksAlike(look, read)
}
