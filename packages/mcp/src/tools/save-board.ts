import { StringEnum, Type } from '@pinfold/contract'
import { boardFinder } from '../find-board.ts'
import { boardRow } from '../rows.ts'
import { ToolError, tool } from '../tool.ts'
import { BoardName, strict, words } from './fields.ts'

/** Makes a board, or changes one, and adds sections. */
export const saveBoard = tool({
  name: 'save_board',
  title: 'Make or change a board',
  description: 'Makes a board, or changes the one that `board` names. Adds the sections that it lacks.',
  toolset: 'pins',
  effect: 'writes',
  scopes: ['boards:read', 'boards:write'],
  input: Type.Object(
    {
      board: Type.Optional(BoardName),
      name: words(180, 'The name: needed for a new board.'),
      description: words(500),
      privacy: Type.Optional(StringEnum(['PUBLIC', 'SECRET'])),
      sections: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 180 }), { maxItems: 50 })),
    },
    strict,
  ),
  async run({ board: which, name, description, privacy, sections = [] }, { client, signal }) {
    const finder = boardFinder(client)
    const change = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(privacy && { privacy }),
    }
    if (which === undefined && name === undefined) throw new ToolError('A new board needs a name.')
    const old = which === undefined ? undefined : await finder.board(which)
    const create = () => client.boards.create({ ...change, name: name ?? '' }, undefined, { signal })
    const update = (id: string) => client.boards.update(id, change, undefined, { signal })
    const hasChange = Object.keys(change).length > 0
    const board = old ? (hasChange ? await update(old.id) : old) : await create()
    const added = []
    if (sections.length > 0) {
      const there = await client.boardSections.list(board.id, { page_size: 250 }, { signal })
      const names = new Set(there.items.map((section) => section.name))
      for (const section of sections.filter((each) => !names.has(each)))
        added.push(await client.boardSections.create(board.id, { name: section }, undefined, { signal }))
    }
    const addedSections = added.map(({ id, name: sectionName }) => ({ id, name: sectionName }))
    return {
      value: {
        [old ? 'changed' : 'made']: boardRow(board),
        ...(added.length > 0 && { added_sections: addedSections }),
      },
    }
  },
})
