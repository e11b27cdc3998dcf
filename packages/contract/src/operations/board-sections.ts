import { BoardSection, boardParams, sectionParams } from '../models/board.ts'
import { Pin } from '../models/pin.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const write = { by: 'token', scopes: ['boards:read', 'boards:write'], clientCredentials: false } as const
const invalid = { code: 400, message: 'Invalid board section parameters.' }

export const boardSections = {
  /** The sections of a board of yours, or of a group board that you are on, newest first. */
  list: operation({
    id: 'board_sections/list',
    method: 'GET',
    path: '/boards/{board_id}/sections',
    tag: 'board_sections',
    summary: 'List the sections of a board',
    description: 'The sections of a board of yours, or of a group board that you are on, newest first.',
    auth: { by: 'token', scopes: ['boards:read'], clientCredentials: true },
    category: 'org_read',
    params: boardParams,
    query: Type.Object({ ...adAccountQuery, ...pageQuery }),
    success: { status: 200, description: 'A page of sections.', schema: PageOf(BoardSection, 'Newest first.') },
    errors: { boardNotFound: {}, forbidden: {}, invalidBookmark: {} },
  }),
  /** Makes a section on a board of yours, or on a group board that you are on. Its name must be unique there. */
  create: operation({
    id: 'board_sections/create',
    method: 'POST',
    path: '/boards/{board_id}/sections',
    tag: 'board_sections',
    summary: 'Create a section',
    description: 'Makes a section on a board of yours, or on a group board that you are on.',
    auth: write,
    category: 'org_write',
    params: boardParams,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: BoardSection },
    success: { status: 201, description: 'The new section.', schema: BoardSection },
    alsoAtPinterest: { status: 200, schema: BoardSection },
    errors: {
      invalidRequest: invalid,
      boardNotFound: {},
      forbidden: { code: 403, message: 'Not authorized to create board sections.' },
      sectionNameTaken: {},
    },
  }),
  /** Renames a section of a board of yours, or of a group board that you are on. */
  update: operation({
    id: 'board_sections/update',
    method: 'PATCH',
    path: '/boards/{board_id}/sections/{section_id}',
    tag: 'board_sections',
    summary: 'Rename a section',
    description: 'Gives a section of a board of yours, or of a group board that you are on, another name.',
    auth: write,
    category: 'org_write',
    params: sectionParams,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: BoardSection, example: { name: 'Matt glazes' } },
    success: { status: 200, description: 'The section as it is now.', schema: BoardSection },
    errors: {
      invalidRequest: invalid,
      boardNotFound: {},
      sectionNotFound: {},
      forbidden: { code: 403, message: 'Not authorized to update board section.' },
      sectionNameTaken: {},
    },
  }),
  /** Deletes a section of a board of yours, with every Pin in it; of a group board if every one is yours. */
  delete: operation({
    id: 'board_sections/delete',
    method: 'DELETE',
    path: '/boards/{board_id}/sections/{section_id}',
    tag: 'board_sections',
    summary: 'Delete a section',
    description:
      'Deletes a section of a board of yours, with every Pin in it; of a group board that you are on, if every Pin in it ' +
      'is yours.',
    auth: write,
    category: 'org_write',
    params: sectionParams,
    query: Type.Object(adAccountQuery),
    success: { status: 204, description: 'It is gone.' },
    alsoAtPinterest: { status: 200, schema: BoardSection },
    errors: {
      boardNotFound: {},
      sectionNotFound: { code: 404, message: 'Board section not found.' },
      forbidden: { code: 403, message: 'Not authorized to delete board section.' },
    },
  }),
  /** The Pins in a section of a board of yours, or of a group board that you are on, newest first. */
  listPins: operation({
    id: 'board_sections/list_pins',
    method: 'GET',
    path: '/boards/{board_id}/sections/{section_id}/pins',
    tag: 'board_sections',
    summary: 'List the Pins in a section',
    description: 'The Pins in a section of a board of yours, or of a group board that you are on, newest first.',
    auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: true },
    category: 'org_read',
    params: sectionParams,
    query: Type.Object({ ...adAccountQuery, ...pageQuery }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, newest first.') },
    errors: {
      boardNotFound: { code: 404, message: 'Board or section not found.' },
      sectionNotFound: { code: 404, message: 'Board or section not found.' },
      forbidden: { code: 403 },
      invalidBookmark: {},
    },
  }),
} as const
