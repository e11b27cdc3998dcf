import { type PinterestClient, PinterestError } from '@pinfold/client'
import { Type } from '@pinfold/contract'
import { shortened } from '../clean.ts'
import { boardFinder } from '../find-board.ts'
import { problemOf } from '../problem.ts'
import { ToolError, tool } from '../tool.ts'
import { BoardName, Confirm, PinId, strict } from './fields.ts'

/** Something to delete, and what people call it. */
interface Item {
  kind: 'Pin' | 'board' | 'section'
  id: string
  name: string
  remove(): Promise<unknown>
}

/** Deletes Pins, boards and sections, once a person agrees. */
export const deleteItems = tool({
  name: 'delete_items',
  title: 'Delete Pins, boards or sections',
  description: 'Deletes up to 50 Pins, boards (with their Pins) or sections for good, once the person agrees.',
  toolset: 'pins',
  effect: 'deletes',
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  input: Type.Object(
    {
      pins: Type.Optional(Type.Array(PinId(), { maxItems: 50 })),
      boards: Type.Optional(Type.Array(BoardName, { maxItems: 10 })),
      sections: Type.Optional(
        Type.Array(Type.Object({ board: BoardName, section: BoardName }, strict), { maxItems: 50 }),
      ),
      confirm: Confirm,
    },
    strict,
  ),
  async run({ pins = [], boards = [], sections = [], confirm }, { client, host, signal, consent }) {
    const finder = boardFinder(client)
    const items: Item[] = []
    for (const id of pins) items.push(await pinOf(client, id))
    for (const which of boards) {
      const { id, name, pin_count = 0 } = await finder.board(which)
      items.push({
        kind: 'board',
        id,
        name: `${name} (with ${pin_count} Pins)`,
        remove: () => client.boards.delete(id),
      })
    }
    for (const { board: which, section } of sections) {
      const board = await finder.board(which)
      const id = await finder.sectionId(board, section)
      const remove = () => client.boardSections.delete(board.id, id)
      items.push({ kind: 'section', id, name: `${section} of ${board.name}`, remove })
    }
    if (items.length === 0) throw new ToolError('Name what to delete: pins, boards or sections.')
    if (items.length > 50) throw new ToolError(`These are ${items.length}: delete 50 at most at once.`)
    consent(questionOf(items), confirm)
    const results = []
    for (const { kind, id, name, remove } of items) {
      try {
        signal.throwIfAborted()
        await remove()
        results.push({ deleted: `${kind} ${id}`, name })
      } catch (error) {
        if (!(error instanceof PinterestError)) throw error
        const problem = problemOf(error)
        if (!problem) host.onError(error)
        results.push({ failed: `${kind} ${id}`, ...problem })
      }
    }
    return { value: { items: results } }
  },
})

async function pinOf(client: PinterestClient, id: string): Promise<Item> {
  const { title } = await client.pins.get(id)
  return { kind: 'Pin', id, name: title || 'without a title', remove: () => client.pins.delete(id) }
}

/** Names what is to be deleted: ten of them, and how many more. */
function questionOf(items: readonly Item[]): string {
  const named = items
    .slice(0, 10)
    .map(({ kind, id, name }) => `- ${kind} ${JSON.stringify(shortened(name, 80))}, ${id}`)
  const more = items.length > 10 ? `\n- and ${items.length - 10} more` : ''
  return `Delete for good?\n${named.join('\n')}${more}`
}
