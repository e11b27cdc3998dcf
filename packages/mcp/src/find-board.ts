import { type Board, NotFoundError, type PinterestClient } from '@pinfold/client'
import { ToolError } from './tool.ts'

/** Finds boards and sections by id or name; asks the service for each list once. */
export interface BoardFinder {
  /** Returns the board of an id or name. Throws `ToolError` when there is none, or several of that name. */
  board(which: string): Promise<Board>
  /** Returns the id of a section of a board. Throws `ToolError`. */
  sectionId(board: Board, which: string): Promise<string>
}

/** A person with more boards than this names them by their ids. */
const mostBoards = 1000

/** Makes a finder for one call of a tool. */
export function boardFinder(client: PinterestClient): BoardFinder {
  let all: Promise<Board[]> | undefined
  const sections = new Map<string, Promise<{ id?: string; name: string }[]>>()

  async function byId(id: string): Promise<Board | undefined> {
    try {
      return await client.boards.get(id)
    } catch (error) {
      // A board can be called "2026".
      if (error instanceof NotFoundError) return undefined
      throw error
    }
  }

  return {
    async board(which) {
      const found = /^\d+$/.test(which) ? await byId(which) : undefined
      if (found) return found
      all ??= client.boards.list({ page_size: 250 }).toArray(mostBoards)
      return only('board', await all, which)
    },
    async sectionId({ id, name }, which) {
      const known = sections.get(id) ?? client.boardSections.list(id, { page_size: 250 }).toArray(mostBoards)
      sections.set(id, known)
      const list = await known
      const found = list.find((section) => section.id === which) ?? only(`section of "${name}"`, list, which)
      if (found.id === undefined) throw new ToolError(`The service gave the section "${which}" no id.`)
      return found.id
    },
  }
}

/** Returns the one thing of that name; capitals matter only if there are several. */
function only<Thing extends { name: string }>(kind: string, things: readonly Thing[], name: string): Thing {
  const exact = things.filter((thing) => thing.name === name)
  const similar = exact.length > 0 ? exact : things.filter((thing) => thing.name.toLowerCase() === name.toLowerCase())
  const [first] = similar
  if (first && similar.length === 1) return first
  throw new ToolError(
    similar.length > 1
      ? `There is more than one ${kind} "${name}": use the id.`
      : `There is no ${kind} "${name}". list_boards names those there are.`,
  )
}
