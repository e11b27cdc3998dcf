import { BoardMerge, BoardViewUpdate, PinArrangement, SectionArrangement } from '../models/arranging.ts'
import { boardParams } from '../models/board.ts'
import { BoardView } from '../models/web.ts'
import { operation } from '../operation.ts'

const shared = { root: '/_pinfold', tag: 'web', category: 'org_write', params: boardParams } as const
const writesBoards = { by: 'token', scopes: ['boards:read', 'boards:write'], clientCredentials: false } as const
const writesPins = {
  by: 'token',
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  clientCredentials: false,
} as const

/** How people arrange their boards in the web app: order, covers, boards put away and put together. */
export const arranging = {
  /** Puts a board of yours away or takes it out again, and chooses its cover. */
  updateBoard: operation({
    ...shared,
    id: 'web/update_board',
    method: 'PATCH',
    path: '/web/boards/{board_id}',
    summary: 'Change how a board is shown',
    description:
      'Archives a board of yours, or takes it out of the archive, and chooses its cover. An archived board is not among ' +
      'the boards of a profile; whoever may see it sees it under its address, and its Pins where they were. A chosen ' +
      'cover stands for the board while its Pin is on it, and again when the Pin comes back.',
    auth: { ...writesBoards, scopes: [...writesBoards.scopes, 'pins:read'] },
    body: { type: 'json', schema: BoardViewUpdate },
    success: { status: 200, description: 'The board as it is shown now.', schema: BoardView },
    errors: { boardNotFound: {}, pinNotFound: {}, forbidden: {} },
  }),
  /** Moves Pins within the order of a board that you are on. */
  arrangePins: operation({
    ...shared,
    id: 'web/arrange_pins',
    method: 'POST',
    path: '/web/boards/{board_id}/pins/arrange',
    summary: 'Arrange the Pins that a board has',
    description:
      'Moves Pins within the order in which a board and its sections are shown, whosever Pins they are. The lists of the ' +
      'API below `/v5` stay newest first.',
    auth: writesPins,
    body: { type: 'json', schema: PinArrangement },
    success: { status: 204, description: 'They stand there.' },
    errors: { boardNotFound: {}, pinNotFound: {}, sectionNotFound: {}, forbidden: {} },
  }),
  /** Moves sections within the order of a board that you are on. */
  arrangeSections: operation({
    ...shared,
    id: 'web/arrange_sections',
    method: 'POST',
    path: '/web/boards/{board_id}/sections/arrange',
    summary: 'Arrange the sections of a board',
    description: 'Moves sections within the order in which a board is shown.',
    auth: writesBoards,
    body: { type: 'json', schema: SectionArrangement },
    success: { status: 204, description: 'They stand there.' },
    errors: { boardNotFound: {}, sectionNotFound: {}, forbidden: {} },
  }),
  /** Moves the Pins and sections of a board of yours to another one, and deletes it. */
  mergeBoard: operation({
    ...shared,
    id: 'web/merge_board',
    method: 'POST',
    path: '/web/boards/{board_id}/merge',
    summary: 'Merge a board into another',
    description:
      'Moves the Pins and sections of a board of yours to another one of yours, and deletes it: all at once, or nothing. ' +
      'Sections of the same name become one. The Pins keep their ids, numbers and owners, and become as private as the ' +
      'other board: those of a secret board are seen by everybody once they are on a public one. Collaborators and ' +
      'followers of the board that is deleted do not become those of the other. It cannot be undone.',
    auth: writesPins,
    body: { type: 'json', schema: BoardMerge },
    success: { status: 200, description: 'The board that has all of it now.', schema: BoardView },
    errors: { boardNotFound: {}, forbidden: {} },
  }),
} as const
