import type { Viewer } from '../../core/viewer.ts'
import type { PinIndex } from '../search/pin-index.ts'
import { wordsOf } from '../search/words.ts'
import { colourLikeness } from './colour.ts'
import type { ComparedPin, PinGraph, ShownPin, VisiblePin } from './pin-graph.ts'
import { boosted, type Visits, walkFrom } from './walk.ts'

/** A part of a list of related Pins. */
export interface RelatedPins {
  /** The Pins, the closest first. */
  items: ShownPin[]
  /** The place of the next one in the whole list; null at its end. */
  next: number | null
}

/** Finds Pins that go with a Pin. */
export interface Related {
  /**
   * Returns `size` Pins from place `from` on in the list of those that go with a Pin, which has 100 at most. All are
   * public, the viewer's own or on boards that the viewer is on, as far as the viewer may see those, and each shows a
   * picture of its own. What others keep on other secret and protected boards makes no difference.
   *
   * @throws As `PinGraph.find`.
   */
  pins(viewer: Viewer, id: string, range: { from: number; size: number }): Promise<RelatedPins>
}

export interface RelatedOptions {
  graph: PinGraph
  index: Pick<PinIndex, 'newest'>
  /** Returns what pictures were made of, by their keys: the same for those of the same bytes. */
  sourcesOf(keys: readonly string[]): Promise<Map<string, string>>
}

const maxRelated = 100
/** At most this many of the Pins that walks find are looked at, and of those with each of the first words. */
const maxWalked = 128
const alikePerWord = 16
/** How many are read to find those: more when some may not be seen. */
const alikeAtATime = [alikePerWord, 64, 512]
const maxWords = 6
/** Shorter words are in Pins of every kind. */
const leastLength = 3

/** How much each of the three counts. */
const weights = { walk: 0.5, words: 0.35, colour: 0.15 }

const noVisits: ReadonlyMap<number, Visits> = new Map()

/** Makes the search for related Pins. */
export function relatedOf({ graph, index, sourcesOf }: RelatedOptions): Related {
  /** Returns those Pins that the viewer may see: public ones, own ones, and those on boards that the viewer is on. */
  async function visibleAmong<P extends VisiblePin>({ accountId, secret }: Viewer, pins: readonly P[]): Promise<P[]> {
    const mayBe = pins.filter(({ privacy }) => privacy !== 'SECRET' || secret !== 'none')
    const isOpen = ({ owner_id, privacy }: P) => privacy === 'PUBLIC' || owner_id === accountId
    const boardIds = mayBe.flatMap((pin) => (isOpen(pin) ? [] : [pin.board_id]))
    const roles = boardIds.length > 0 ? await graph.rolesOn(accountId, boardIds) : undefined
    return mayBe.filter((pin) => isOpen(pin) || roles?.has(pin.board_id))
  }

  /**
   * Returns the newest Pins with each of the words that the viewer may see. The best of all with a word would take as
   * long as there are such Pins. What may not be seen is passed over: only a great many of those crowd others out.
   */
  async function withWords(viewer: Viewer, words: readonly string[]): Promise<Map<number, ComparedPin>> {
    const found = new Map<number, ComparedPin>()
    let searches = words.map((word) => ({ word, before: Number.MAX_SAFE_INTEGER, left: alikePerWord }))
    for (const count of alikeAtATime) {
      const ids = await Promise.all(searches.map(({ word, before }) => newestWith(word, before, count)))
      const rows = await graph.compared([...new Set(ids.flat())])
      const visible = new Map((await visibleAmong(viewer, rows)).map((pin) => [pin.id, pin]))
      searches = searches.flatMap(({ word, left }, i) => {
        const shown = (ids[i] ?? []).flatMap((id) => visible.get(id) ?? []).slice(0, left)
        for (const pin of shown) found.set(pin.id, pin)
        const before = ids[i]?.length === count ? (ids[i]?.at(-1) ?? 0) : 0
        return before > 0 && shown.length < left ? [{ word, before, left: left - shown.length }] : []
      })
    }
    return found
  }

  const newestWith = (word: string, before: number, count: number): Promise<number[]> => {
    const wanted = [{ words: [word], isPrefix: false, boardIds: [] }]
    return index.newest({ ownerId: undefined, withoutBoardIds: [], wanted, before, count })
  }

  /** Returns the ids of all that go with a Pin, the closest first. */
  async function ranked(viewer: Viewer, pin: Awaited<ReturnType<PinGraph['find']>>): Promise<number[]> {
    const words = tellingWords(pin).slice(0, maxWords)
    const others = await withWords(viewer, words)
    // Who is not on the board of their own Pin any more learns nothing of what is there.
    const mayWalk = pin.privacy === 'PUBLIC' || (await graph.rolesOn(viewer.accountId, [pin.board_id])).size > 0
    const visits = mayWalk ? await walkFrom(pin, { graph, preferred: new Set(others.keys()) }) : noVisits
    const walked = closestOf(visits).slice(0, maxWalked)
    const compared = await graph.compared(walked.filter((id) => !others.has(id)))
    for (const other of await visibleAmong(viewer, compared)) others.set(other.id, other)
    const sources = await sourcesOf([pin, ...others.values()].map(({ picture_key }) => picture_key))
    const pictureOf = ({ picture_key }: ComparedPin) => sources.get(picture_key) ?? picture_key
    const pictures = Map.groupBy(others.values(), pictureOf)
    pictures.delete(pictureOf(pin))
    return inOrder(pin, words, [...pictures.values()], visits).slice(0, maxRelated)
  }

  return {
    async pins(viewer, id, { from, size }) {
      const ids = await ranked(viewer, await graph.find(viewer, id))
      const page = ids.slice(from, from + size)
      const pins = new Map((await graph.byIds(page)).map((pin) => [pin.id, pin]))
      const items = await visibleAmong(
        viewer,
        page.flatMap((each) => pins.get(each) ?? []),
      )
      return { items, next: from + size < ids.length ? from + size : null }
    },
  }
}

/** Returns the ids of visited Pins, those that count most first. */
function closestOf(visits: ReadonlyMap<number, Visits>): number[] {
  const all = [...visits].map(([id, each]) => [id, boosted(each)] as const)
  return all.sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([id]) => id)
}

const tellingWords = ({ title }: Pick<ComparedPin, 'title'>): string[] => [
  ...new Set(wordsOf(title ?? '').filter((word) => word.length >= leastLength || !/^[a-z\d]+$/.test(word))),
]

/** Returns the id of a Pin for each picture, the closest to `pin` first: by walks, words and colour together. */
function inOrder(
  pin: ComparedPin,
  words: readonly string[],
  pictures: readonly (readonly ComparedPin[])[],
  visits: ReadonlyMap<number, Visits>,
): number[] {
  const wordLikeness = wordLikenessAmong(words, pictures.flat())
  const ranked = pictures.map((pins) => {
    const walk = boosted(pins.reduce<Visits>((sum, { id }) => sumOf(sum, visits.get(id)), []))
    const scored = pins.map((other) => {
      const colour = colourLikeness(pin.dominant_color, other.dominant_color)
      return { id: other.id, likeness: weights.words * wordLikeness(other) + weights.colour * colour }
    })
    const [shown = { id: 0, likeness: 0 }] = scored.sort((a, b) => b.likeness - a.likeness || b.id - a.id)
    return { ...shown, walk }
  })
  const most = Math.max(1, ...ranked.map(({ walk }) => walk))
  const scoreOf = ({ walk, likeness }: { walk: number; likeness: number }) => (weights.walk * walk) / most + likeness
  return ranked.sort((a, b) => scoreOf(b) - scoreOf(a) || b.id - a.id).map(({ id }) => id)
}

/** Adds up the visits of Pins that show the same. */
const sumOf = (sum: Visits, more: Visits = []): Visits =>
  sum.length === 0 ? more : sum.map((count, i) => count + (more[i] ?? 0))

/** Tells how many of `words` a Pin has: 1 all, 0 none. A word that few of the Pins have counts for more. */
function wordLikenessAmong(words: readonly string[], pins: readonly ComparedPin[]): (pin: ComparedPin) => number {
  const wordsOfPins = new Map(pins.map((pin) => [pin.id, new Set(tellingWords(pin))]))
  const weightOf = (word: string): number => {
    const having = pins.filter(({ id }) => wordsOfPins.get(id)?.has(word)).length
    return Math.log(1 + pins.length / (1 + having))
  }
  const weighted = words.map((word) => [word, weightOf(word)] as const)
  const all = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  return ({ id }) => {
    const own = wordsOfPins.get(id)
    return all === 0 ? 0 : weighted.reduce((sum, [word, weight]) => sum + (own?.has(word) ? weight : 0), 0) / all
  }
}
