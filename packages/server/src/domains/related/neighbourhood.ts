import type { PinGraph, PlacedPin } from './pin-graph.ts'

/** At most this much of the graph is read for one list. */
const maxBoards = 12
const maxPins = 64
/** A Pin that was saved to more boards counts as being on these. */
const maxPlaces = 8

/** The part of the graph around a Pin, read as walkers come to it and no further than the bounds. */
export class Neighbourhood {
  readonly #graph: PinGraph
  readonly #pinsOn = new Map<number, readonly number[]>()
  readonly #boardsWith = new Map<number, readonly number[]>()

  constructor(graph: PinGraph) {
    this.#graph = graph
  }

  /** The Pins on a board; none if it was not read. */
  pinsOn(boardId: number): readonly number[] {
    return this.#pinsOn.get(boardId) ?? []
  }

  /** The boards with a Pin, its saves and what it was saved from; none if it was not read. */
  boardsWith(pinId: number): readonly number[] {
    return this.#boardsWith.get(pinId) ?? []
  }

  /** Reads what is on boards; those that come first go first. */
  async readBoards(ids: readonly number[]): Promise<void> {
    for (const id of unread(ids, this.#pinsOn, maxBoards)) this.#pinsOn.set(id, await this.#graph.newestOnBoard(id))
  }

  /** Reads on which boards Pins are; those that come first go first. */
  async readPins(ids: readonly number[]): Promise<void> {
    const wanted = unread(ids, this.#boardsWith, maxPins)
    if (wanted.length === 0) return
    const pins = await this.#graph.places(wanted)
    // One that has just been moved to a board that not everybody sees leads nowhere.
    await this.addPins(pins.filter(({ privacy, board_id }) => privacy === 'PUBLIC' || this.#pinsOn.has(board_id)))
  }

  /** Reads on which boards the saves of Pins are and what they were saved from, as far as everybody may see them. */
  async addPins(pins: readonly PlacedPin[]): Promise<void> {
    const originIds = [...new Set(pins.flatMap(({ parent_pin_id: id }) => id ?? []))]
    const origins = new Map((await this.#graph.places(originIds)).map((pin) => [pin.id, pin]))
    const ids = pins.map(({ id }) => id)
    const saves = Map.groupBy(
      await this.#graph.publicSaves([...new Set([...ids, ...originIds])]),
      ({ parent_pin_id }) => parent_pin_id,
    )
    for (const pin of pins) {
      const origin = pin.parent_pin_id === null ? undefined : origins.get(pin.parent_pin_id)
      const siblings = pin.parent_pin_id === null ? [] : (saves.get(pin.parent_pin_id) ?? [])
      const publicOrigin = origin?.privacy === 'PUBLIC' ? [origin] : []
      const all = [pin, ...publicOrigin, ...(saves.get(pin.id) ?? []), ...siblings]
      this.#boardsWith.set(pin.id, [...new Set(all.map(({ board_id }) => board_id))].slice(0, maxPlaces))
    }
  }
}

/** Those that are not in `read` yet, as many as it may still take. */
function unread(ids: readonly number[], read: ReadonlyMap<number, unknown>, most: number): number[] {
  return ids.filter((id) => !read.has(id)).slice(0, Math.max(0, most - read.size))
}
