import { maxProductTags, type ProductTagProblem } from '@pinfold/contract'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { CountedPin } from '../analytics/counted-pins.ts'
import type { Boards } from '../boards/boards.ts'
import { findToWrite, type PinReads } from './read.ts'
import type { ProductTagStore } from './store/product-tags.ts'
import type { PinRow, PinStore } from './store.ts'

/** Pins that are tagged in others, as the products that these show. Who may see a Pin may see its tags: none is secret. */
export interface ProductTags {
  /** Returns the ids of the Pins that are tagged in a Pin, as they were tagged. Throws as `PinReads.read`. */
  productTags(viewer: Viewer, id: string): Promise<readonly number[]>
  /**
   * Tags Pins in a Pin: all of them, or none. Returns the ids of all that are tagged then.
   *
   * @throws As `PinChanges.update`; `productTagsInvalid`, which says what is wrong with each; a 400 when a Pin is to be
   *   tagged in itself, or more than `maxProductTags` in one.
   */
  tagProducts(viewer: Viewer, id: string, tagged: readonly string[]): Promise<readonly number[]>
  /** Takes tags from a Pin; those that it does not have are passed over. Throws as `PinChanges.update`. */
  untagProducts(viewer: Viewer, id: string, tagged: readonly string[]): Promise<void>
  /** Returns the ids of the tagged Pins of each Pin, whatever the viewer; Pins without tags are left out. */
  productTagsOf(pins: readonly TaggedPin[]): Promise<ReadonlyMap<number, readonly number[]>>
}

/** What finding a Pin's tags needs of it. */
type TaggedPin = Pick<PinRow, 'id' | 'has_product_tags'>

export interface ProductTagsOptions {
  db: Database
  ids: IdMaker
  boards: Boards
  store: PinStore
  tags: ProductTagStore
}

const noTags: ReadonlyMap<number, readonly number[]> = new Map()

/** Makes the tagging of Pins. */
export function pinTags(options: ProductTagsOptions & Pick<PinReads, 'read'>): ProductTags {
  const { db, ids, store, tags, read } = options
  async function productTagsOf(pins: readonly TaggedPin[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const pinIds = pins.filter((pin) => pin.has_product_tags === 1).map((pin) => pin.id)
    if (pinIds.length === 0) return noTags
    const byPin = Map.groupBy(await tags.of(pinIds), (row) => row.pin_id)
    return new Map([...byPin].map(([id, tagsOfPin]) => [id, tagsOfPin.map((row) => row.tagged_id)]))
  }

  return {
    productTagsOf,

    async productTags(viewer, id) {
      const pin = await read(viewer, id)
      return (await productTagsOf([pin])).get(pin.id) ?? []
    },

    async tagProducts(viewer, id, tagged) {
      const { id: pinId } = await findToWrite(options, viewer, id)
      return db.write(async (tx) => {
        const pin = await store.lock(tx, pinId)
        if (!pin) throw new ApiError('pinNotFound')
        // They stay as they are: what becomes secret or goes is untagged then, which sees the tags that are made here.
        const found = await store.counted(tx, numbersOf(tagged))
        const wanted = checkTaggable(viewer, pin, tagged, found)
        const before = (await tags.ofPin(tx, pinId)).map((row) => row.tagged_id)
        const added = wanted.filter((each) => !before.includes(each))
        if (before.length + added.length > maxProductTags)
          throw invalid(`'product_tags': a Pin holds up to ${maxProductTags}; this one has ${before.length} already.`)
        const rows = added.map((each) => ({ pin_id: pinId, tagged_id: each, id: ids.next() }))
        if (rows.length > 0) await tags.insert(tx, rows)
        if (pin.has_product_tags === 0) await store.update(tx, pinId, { has_product_tags: 1 })
        return [...before, ...added]
      })
    },

    async untagProducts(viewer, id, tagged) {
      const pin = await findToWrite(options, viewer, id)
      const wanted = numbersOf(tagged)
      if (wanted.length > 0) await db.write((tx) => tags.remove(tx, pin.id, wanted))
    },
  }
}

/** The ids that there can be, each once. */
const numbersOf = (texts: readonly string[]): number[] => [...new Set(texts.flatMap((text) => parseId(text) ?? []))]

/** Returns the ids of the Pins to tag. Throws `productTagsInvalid` if one of them cannot be, and a 400 for the Pin itself. */
function checkTaggable(viewer: Viewer, pin: PinRow, tagged: readonly string[], found: readonly CountedPin[]): number[] {
  const pins = new Map(found.map((each) => [each.id, each]))
  const problems = [...new Set(tagged)].flatMap((pin_id) => {
    const problem = problemOf(viewer, pin, pins.get(parseId(pin_id) ?? 0))
    return problem ? [{ pin_id, error_message: problem }] : []
  })
  if (problems.length > 0) {
    const detail = problems.map(({ pin_id, error_message }) => `${pin_id.slice(0, 20)}: ${error_message}`).join(', ')
    throw new ApiError('productTagsInvalid', { detail: `${detail}.`, details: { product_tags: problems } })
  }
  if (pins.has(pin.id)) throw invalid(`'product_tags': a Pin cannot be tagged in itself.`)
  return numbersOf(tagged)
}

function problemOf(viewer: Viewer, pin: PinRow, tagged: CountedPin | undefined): ProductTagProblem | undefined {
  if (!tagged) return 'PIN_MISSING'
  if (tagged.privacy === 'SECRET')
    return tagged.owner_id === viewer.accountId && viewer.secret !== 'none' ? 'PIN_IS_PRIVATE' : 'PIN_MISSING'
  return tagged.owner_id === pin.owner_id ? undefined : 'PIN_NOT_FROM_SAME_USER_AS_HERO_PIN'
}
