import type { Board, PinterestClient } from '@pinfold/client'
import { meantByNames } from '../service/find.ts'

export interface Place {
  board_id: string
  board_section_id?: string
}

/** The board and section that a name means: a board may be written "Board/Section". */
export interface PlaceNames {
  board: string
  section?: string
}

/** The boards and sections that rows name, made on demand. */
export class Places {
  boardsMade = 0
  sectionsMade = 0
  readonly #client: PinterestClient
  readonly #boards: Map<string, Promise<string>>
  readonly #sections = new Map<string, Promise<Map<string, Promise<string>>>>()

  private constructor(client: PinterestClient, boards: readonly Board[]) {
    this.#client = client
    // The first of those that share a name.
    this.#boards = new Map(boards.toReversed().map(({ name, id }) => [keyOf(name), Promise.resolve(id)]))
  }

  static async load(client: PinterestClient): Promise<Places> {
    return new Places(client, await boardsOf(client))
  }

  /** Splits a name into board and section. A board whose own name has a slash takes precedence. */
  names(board: string, section: string | undefined): PlaceNames {
    const slash = board.indexOf('/')
    if (section !== undefined) return { board, section }
    if (slash <= 0 || this.#boards.has(keyOf(board))) return { board }
    return { board: board.slice(0, slash).trim(), section: board.slice(slash + 1).trim() }
  }

  /** Returns whether there is such a board, as far as is known. */
  has(board: string): boolean {
    return this.#boards.has(keyOf(board))
  }

  /** Returns the ids of a board and section, and makes them if they do not exist. */
  async find({ board, section }: PlaceNames): Promise<Place> {
    const board_id = await once(this.#boards, keyOf(board), () => this.#makeBoard(board))
    if (!section) return { board_id }
    const sections = await once(this.#sections, board_id, () => this.#loadSections(board_id))
    const make = () => this.#makeSection(board_id, section)
    return { board_id, board_section_id: await once(sections, keyOf(section), make) }
  }

  async #makeBoard(name: string): Promise<string> {
    try {
      const { id } = await this.#client.boards.create({ name })
      this.boardsMade++
      return id
    } catch (error) {
      const boards = isTaken(error) ? await boardsOf(this.#client) : []
      return idOf(boards, name, error)
    }
  }

  async #loadSections(boardId: string): Promise<Map<string, Promise<string>>> {
    const sections = await this.#client.boardSections.list(boardId, { page_size: 250 }).toArray()
    return new Map(sections.map(({ name, id = '' }) => [keyOf(name), Promise.resolve(id)]))
  }

  async #makeSection(boardId: string, name: string): Promise<string> {
    try {
      const { id = '' } = await this.#client.boardSections.create(boardId, { name })
      this.sectionsMade++
      return id
    } catch (error) {
      const sections = isTaken(error)
        ? await this.#client.boardSections.list(boardId, { page_size: 250 }).toArray()
        : []
      return idOf(sections, name, error)
    }
  }
}

const boardsOf = async (client: PinterestClient): Promise<readonly Board[]> =>
  meantByNames(client, await client.boards.list({ page_size: 250 }).toArray())

/** The name is taken: by a request whose answer was lost, or by somebody else just now. */
const isTaken = (error: unknown) => error instanceof Error && 'status' in error && error.status === 409

function idOf(things: readonly { id?: string; name: string }[], name: string, otherwise: unknown): string {
  const { id } = things.find((thing) => keyOf(thing.name) === keyOf(name)) ?? {}
  if (id === undefined) throw otherwise
  return id
}

/** Services compare names case-insensitively. */
const keyOf = (name: string) => name.trim().toLowerCase()

/** Returns the value under a key. Concurrent callers share one promise, and a failure is not remembered. */
function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const there = known.get(key)
  if (there) return there
  const making = make()
  known.set(key, making)
  making.catch(() => known.delete(key))
  return making
}
