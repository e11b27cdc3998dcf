import { Board, BoardCreate, BoardUpdate, boardParams, boardPrivacyFilters } from '../models/board.ts'
import { creativeTypes, Pin } from '../models/pin.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

export const creativeTypesQuery = {
  creative_types: Type.Optional(
    Type.Array(StringEnum(creativeTypes, { 'x-deprecated-values': { SHOP_THE_PIN: 'Use COLLECTION.' } }), {
      maxItems: 50,
      description: 'Only Pins of these kinds.',
    }),
  ),
}

export const pinMetricsQuery = {
  pin_metrics: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether to add how often the Pins were seen and used.' }),
  ),
}

const read = { by: 'token', scopes: ['boards:read'], clientCredentials: true } as const
const write = { by: 'token', scopes: ['boards:read', 'boards:write'], clientCredentials: true } as const

export const boards = {
  /** Your boards and the group boards that you are on, by name. Secret ones need the scope `boards:read_secret`. */
  list: operation({
    id: 'boards/list',
    method: 'GET',
    path: '/boards',
    tag: 'boards',
    summary: 'List boards',
    description:
      'Your boards and the group boards that you are on, by name. Secret ones are among them only if the token has ' +
      '`boards:read_secret`; `privacy` narrows the list.',
    auth: read,
    category: 'org_read',
    query: Type.Object({
      ...adAccountQuery,
      privacy: Type.Optional(StringEnum(boardPrivacyFilters, { description: 'Only boards of this privacy.' })),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of boards.', schema: PageOf(Board, 'The boards, by name.') },
    errors: { invalidBookmark: {} },
  }),
  /** Makes a board. Its name must be unique among your boards. */
  create: operation({
    id: 'boards/create',
    method: 'POST',
    path: '/boards',
    tag: 'boards',
    summary: 'Create a board',
    description: 'Makes a board. A secret one takes `boards:write_secret` as well.',
    auth: write,
    category: 'org_write',
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: BoardCreate },
    success: { status: 201, description: 'The new board.', schema: Board },
    alsoAtPinterest: { status: 200, schema: Board },
    // Not found: the board made under this Idempotency-Key has become secret.
    errors: { boardNameTaken: {}, boardNotFound: {} },
  }),
  /** One board of yours, or a group board that you are on. */
  get: operation({
    id: 'boards/get',
    method: 'GET',
    path: '/boards/{board_id}',
    tag: 'boards',
    summary: 'Get a board',
    description: 'One board of yours, or a group board that you are on.',
    auth: read,
    category: 'org_read',
    params: boardParams,
    query: Type.Object(adAccountQuery),
    success: { status: 200, description: 'The board.', schema: Board },
    errors: { boardNotFound: {}, forbidden: {} },
  }),
  /** Changes the name, the description or the privacy of a board of yours. */
  update: operation({
    id: 'boards/update',
    method: 'PATCH',
    path: '/boards/{board_id}',
    tag: 'boards',
    summary: 'Update a board',
    description: 'Changes the name, the description or the privacy of a board of yours.',
    auth: write,
    category: 'org_write',
    params: boardParams,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: BoardUpdate },
    success: { status: 200, description: 'The board as it is now.', schema: Board },
    errors: { boardNotFound: {}, forbidden: {}, boardRenameTaken: {} },
  }),
  /** Deletes a board of yours with its sections and every Pin on it. */
  delete: operation({
    id: 'boards/delete',
    method: 'DELETE',
    path: '/boards/{board_id}',
    tag: 'boards',
    summary: 'Delete a board',
    description: 'Deletes a board of yours with its sections and every Pin on it.',
    auth: { ...write, clientCredentials: false },
    category: 'org_write',
    params: boardParams,
    query: Type.Object(adAccountQuery),
    success: { status: 204, description: 'It is gone.' },
    alsoAtPinterest: { status: 200, schema: Board },
    errors: { boardNotFound: {}, forbidden: {} },
  }),
  /** The Pins on a board of yours, or on a group board that you are on, in sections or not, newest first. */
  listPins: operation({
    id: 'boards/list_pins',
    method: 'GET',
    path: '/boards/{board_id}/pins',
    tag: 'boards',
    summary: 'List the Pins that a board has',
    description: 'The Pins on a board of yours, or on a group board that you are on, in sections or not, newest first.',
    auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: true },
    category: 'org_read',
    params: boardParams,
    query: Type.Object({ ...pageQuery, ...creativeTypesQuery, ...adAccountQuery, ...pinMetricsQuery }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, newest first.') },
    errors: { boardNotFound: { code: 404 }, forbidden: {}, invalidBookmark: {} },
  }),
} as const
