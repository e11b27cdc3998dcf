import type { Board, PinterestClient } from '@pinfold/client'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

const isId = (text: string) => /^\d+$/.test(text)

/**
 * Finds a board by its id or name, or one's own by its web address (`https://www.pinterest.com/USER/BOARD/`). Throws a
 * `CommandError` when there is none, or several of that name.
 */
export async function findBoard(client: PinterestClient, which: string): Promise<Board> {
  if (isId(which)) {
    const { NotFoundError } = await import('@pinfold/client')
    try {
      return await client.boards.get(which)
    } catch (error) {
      // A board can be called "2026".
      if (!(error instanceof NotFoundError)) throw error
    }
  }
  const boards = await client.boards.list({ page_size: 250 }).toArray()
  const address = addressOf(which)
  const [board, another] = address === undefined ? [] : boards.filter((board) => isAt(board, address))
  return board && !another ? board : named('board', await meantByNames(client, boards), which)
}

/**
 * Returns those of the boards that names mean: one's own, and the group boards that share a name with none of these. Who
 * one is, is asked only if there are group boards.
 */
export async function meantByNames(client: PinterestClient, boards: readonly Board[]): Promise<readonly Board[]> {
  if (new Set(boards.map(({ owner }) => owner?.username)).size < 2) return boards
  const { username } = await client.userAccount.get()
  const isOwn = ({ owner }: Board) => owner?.username === username
  const taken = new Set(boards.filter(isOwn).map(({ name }) => name.toLowerCase()))
  return boards.filter((board) => isOwn(board) || !taken.has(board.name.toLowerCase()))
}

/** What a board's web address says: whose it is, and its name as addresses write it. */
interface BoardAddress {
  username: string
  slug: string
}

function addressOf(text: string): BoardAddress | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const [, username, slug] = /^\/([^/]+)\/([^/]+)\/?$/.exec(url.pathname) ?? []
  if (username === undefined || slug === undefined) return undefined
  return { username: username.toLowerCase(), slug: slugOf(decoded(slug)) }
}

const isAt = ({ name, owner }: Board, { username, slug }: BoardAddress): boolean =>
  slugOf(name) === slug && owner?.username?.toLowerCase() === username

/** A name as Pinterest writes it in an address: its letters and digits, with dashes between the words. */
const slugOf = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
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
  const exact = things.filter((thing) => thing.name === name)
  const similar = exact.length > 0 ? exact : things.filter((thing) => thing.name.toLowerCase() === name.toLowerCase())
  const [only] = similar
  if (only && similar.length === 1) return only
  const reason = similar.length > 1 ? `more than one ${kind} "${name}"` : `no ${kind} "${name}" of yours`
  throw new CommandError(`There is ${reason}: name its id.`, exitCodes.notFound)
}
