import type { Board, PinterestClient } from '@pinfold/client'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

const isId = (text: string) => /^\d+$/.test(text)

/** Finds a board by its id or name. Throws a `CommandError` when there is none, or several of that name. */
export async function findBoard(client: PinterestClient, idOrName: string): Promise<Board> {
  if (isId(idOrName)) {
    const { NotFoundError } = await import('@pinfold/client')
    try {
      return await client.boards.get(idOrName)
    } catch (error) {
      // A board can be called "2026".
      if (!(error instanceof NotFoundError)) throw error
    }
  }
  return named('board', await client.boards.list({ page_size: 250 }).toArray(), idOrName)
}

/** Returns the id of a section of a board, by its id or name. */
export async function findSectionId(client: PinterestClient, boardId: string, idOrName: string): Promise<string> {
  const sections = await client.boardSections.list(boardId, { page_size: 250 }).toArray()
  const byId = sections.find(({ id }) => id === idOrName)
  const { id } = byId ?? named('section', sections, idOrName)
  if (id === undefined) throw new CommandError(`The service gave the section "${idOrName}" no id.`)
  return id
}

/** Finds the item of that name; capitalisation matters only if there are several. */
function named<Thing extends { name: string }>(kind: string, things: readonly Thing[], name: string): Thing {
  const exact = things.find((thing) => thing.name === name)
  if (exact) return exact
  const similar = things.filter((thing) => thing.name.toLowerCase() === name.toLowerCase())
  const [only] = similar
  if (only && similar.length === 1) return only
  const reason = similar.length > 1 ? `more than one ${kind} "${name}"` : `no ${kind} "${name}" of yours`
  throw new CommandError(`There is ${reason}: name its id.`, exitCodes.notFound)
}
