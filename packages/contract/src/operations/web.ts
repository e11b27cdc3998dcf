import { boardParams } from '../models/board.ts'
import { usernameParams } from '../models/follow.ts'
import { Pin, pinParams } from '../models/pin.ts'
import { BoardView, feeds, PinView, Profile, SectionView, WebSession } from '../models/web.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

const shared = { method: 'GET', root: '/_pinfold', tag: 'web', category: 'org_read' } as const
const seesPins = { by: 'anyone', scopes: ['boards:read', 'pins:read'] } as const
const seesBoards = { by: 'anyone', scopes: ['boards:read'] } as const
const pageOfPins = {
  status: 200,
  description: 'A page of Pins.',
  schema: PageOf(Pin, 'The Pins, newest first.'),
} as const
const pageOfBoards = {
  status: 200,
  description: 'A page of boards.',
  schema: PageOf(BoardView, 'The boards, by name.'),
} as const

/**
 * What the web app needs beyond Pinterest's operations: above all reads of what anybody may see, which Pinterest has for
 * one's own things only. Everybody may call them; who is signed in sees their own secret things too.
 */
export const web = {
  /** Who is signed in. */
  getSession: operation({
    ...shared,
    id: 'web/get_session',
    path: '/web/session',
    summary: 'Get the session',
    description: 'Who is signed in, and what the server offers to whoever is not.',
    auth: { by: 'anyone' },
    success: { status: 200, description: 'The session.', schema: WebSession },
    errors: {},
  }),
  /** The Pins of the first page. */
  listFeed: operation({
    ...shared,
    id: 'web/list_feed',
    path: '/web/feed',
    summary: 'List the Pins of the first page',
    description:
      '`new`: the newest public Pins that were not saved from another. `following`: the newest public Pins of the 200 ' +
      'accounts and boards that you followed last. `for_you`: public Pins of others that go with your newest Pins, ' +
      'some for each. The last two need somebody who is signed in.',
    auth: seesPins,
    query: Type.Object({
      feed: Type.Optional(StringEnum(feeds, { default: 'new', description: 'Which of the lists.' })),
      ...pageQuery,
    }),
    success: pageOfPins,
    errors: {},
  }),
  /** A Pin of yours, or anybody's on a public board, with what stands around it. */
  getPin: operation({
    ...shared,
    id: 'web/get_pin',
    path: '/web/pins/{pin_id}',
    summary: 'Get a Pin with its surroundings',
    description: 'A Pin of yours, or anybody’s on a public board: with its board, its owner, and who saved it.',
    auth: seesPins,
    params: pinParams,
    success: { status: 200, description: 'The Pin.', schema: PinView },
    errors: { pinNotFound: {} },
  }),
  /** An account, as its profile shows it. */
  getProfile: operation({
    ...shared,
    id: 'web/get_profile',
    path: '/web/users/{username}',
    summary: 'Get a profile',
    description: 'An account. Its counts are of what you may see: of another account, of public boards.',
    auth: { by: 'anyone', scopes: ['boards:read', 'pins:read', 'user_accounts:read'] },
    params: usernameParams,
    success: { status: 200, description: 'The profile.', schema: Profile },
    errors: { userNotFound: {} },
  }),
  /** The boards of an account that you may see: all of your own, and the public ones of others. */
  listProfileBoards: operation({
    ...shared,
    id: 'web/list_profile_boards',
    path: '/web/users/{username}/boards',
    summary: 'List the boards of an account',
    description:
      'The boards that an account owns or is a collaborator of, as far as you may see them, by name: all of your own, and ' +
      'the public ones of others. Archived ones are in a list of their own, which only you see.',
    auth: seesBoards,
    params: usernameParams,
    query: Type.Object({
      archived: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether to list those of yours that are archived instead.' }),
      ),
      ...pageQuery,
    }),
    success: pageOfBoards,
    errors: { userNotFound: {} },
  }),
  /** The Pins of an account that you may see, newest first. */
  listProfilePins: operation({
    ...shared,
    id: 'web/list_profile_pins',
    path: '/web/users/{username}/pins',
    summary: 'List the Pins of an account',
    description: 'The Pins of an account that you may see: all of your own, and those on public boards of others.',
    auth: seesPins,
    params: usernameParams,
    query: Type.Object(pageQuery),
    success: pageOfPins,
    errors: { userNotFound: {} },
  }),
  /** Stops following an account. Does nothing if you do not follow it. */
  unfollow: operation({
    ...shared,
    id: 'web/unfollow',
    method: 'DELETE',
    path: '/web/users/{username}/follow',
    summary: 'Stop following an account',
    description: 'Stops following an account. Its boards that you follow are followed still.',
    auth: { by: 'token', scopes: ['user_accounts:write'], clientCredentials: false },
    category: 'org_write',
    params: usernameParams,
    success: { status: 204, description: 'You do not follow it.' },
    errors: { userNotFound: {} },
  }),
  /** A board of yours, or anybody's public one. */
  getBoard: operation({
    ...shared,
    id: 'web/get_board',
    path: '/web/boards/{board_id}',
    summary: 'Get a board that you may see',
    description: 'A board of yours, or anybody’s public one.',
    auth: seesBoards,
    params: boardParams,
    success: { status: 200, description: 'The board.', schema: BoardView },
    errors: { boardNotFound: {} },
  }),
  /** The sections of a board that you may see, in the order that they were given: new ones come first. */
  listSections: operation({
    ...shared,
    id: 'web/list_sections',
    path: '/web/boards/{board_id}/sections',
    summary: 'List the sections of a board that you may see',
    description:
      'The sections of a board of yours, or of anybody’s public one, in the order that they were given: new ones come first.',
    auth: seesPins,
    params: boardParams,
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of sections.',
      schema: PageOf(SectionView, 'The sections, in order.'),
    },
    errors: { boardNotFound: {} },
  }),
  /** The Pins on a board that you may see, in the order that they were given: new ones come first. */
  listBoardPins: operation({
    ...shared,
    id: 'web/list_board_pins',
    path: '/web/boards/{board_id}/pins',
    summary: 'List the Pins on a board that you may see',
    description:
      'The Pins on a board of yours, or on anybody’s public one, in the order that they were given: new ones come first, ' +
      'and those that were moved here from another board.',
    auth: seesPins,
    params: boardParams,
    query: Type.Object({ section_id: Type.Optional(Id('Only those in this section.')), ...pageQuery }),
    success: { ...pageOfPins, schema: PageOf(Pin, 'The Pins, in order.') },
    errors: { boardNotFound: {}, sectionNotFound: {} },
  }),
} as const
