import { StringEnum, Type } from '@pinfold/contract'
import { boardRow } from '../rows.ts'
import { tool } from '../tool.ts'
import { Bookmark, strict } from './fields.ts'

/** Lists boards, with their sections if wanted. */
export const listBoards = tool({
  name: 'list_boards',
  title: 'List boards',
  description: 'The boards of the account with ids, names, privacy and numbers of Pins, and their sections if wanted.',
  toolset: 'pins',
  effect: 'reads',
  scopes: ['boards:read'],
  input: Type.Object(
    {
      privacy: Type.Optional(StringEnum(['PUBLIC', 'PROTECTED', 'SECRET'])),
      sections: Type.Optional(Type.Boolean({ description: 'Whether to list the sections too.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
      bookmark: Bookmark,
    },
    strict,
  ),
  async run({ privacy, sections = false, limit = 50, bookmark }, { client, signal }) {
    const query = { page_size: limit, ...(privacy && { privacy }), ...(bookmark && { bookmark }) }
    const page = await client.boards.list(query, { signal })
    const boards = []
    for (const board of page.items) {
      const row = boardRow(board)
      if (!sections) boards.push(row)
      else {
        const { items } = await client.boardSections.list(board.id, { page_size: 100 }, { signal })
        boards.push({ ...row, sections: items.map(({ id, name }) => ({ id, name })) })
      }
    }
    return { value: { boards, bookmark: page.bookmark } }
  },
})
