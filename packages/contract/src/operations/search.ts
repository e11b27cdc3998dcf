import { Board } from '../models/board.ts'
import { Pin } from '../models/pin.ts'
import { countryCodeQuery, SummaryPin, wordsQuery } from '../models/search.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const words = 'Every word must be there, the last one as the beginning of a word; small typing errors are forgiven.'

export const search = {
  /** Your boards, and the group boards that you are on, with some words in their names or descriptions. */
  boards: operation({
    id: 'search_user_boards/get',
    method: 'GET',
    path: '/search/boards',
    tag: 'search',
    summary: 'Search your boards',
    description: `Your boards, and the group boards that you are on, with some words in their names or descriptions, newest first. ${words}`,
    auth: { by: 'token', scopes: ['boards:read', 'boards:read_secret'], clientCredentials: true },
    category: 'org_read',
    query: Type.Object({
      query: Type.Optional(wordsQuery('The words. Without them: every board.')),
      ...adAccountQuery,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of boards.', schema: PageOf(Board, 'The boards, newest first.') },
    errors: { invalidBookmark: {} },
  }),
  /** Your Pins with some words, or those of a list of ids. */
  pins: operation({
    id: 'search_user_pins/list',
    method: 'GET',
    path: '/search/pins',
    tag: 'search',
    summary: 'Search your Pins',
    description:
      `Your Pins with some words in title, description, alternative text, the host of the link or the board's name, ` +
      `newest first. ${words}`,
    auth: {
      by: 'token',
      scopes: ['boards:read', 'boards:read_secret', 'pins:read', 'pins:read_secret'],
      clientCredentials: false,
    },
    category: 'org_read',
    query: Type.Object({
      query: wordsQuery('The words, or ids of Pins with commas between them.'),
      ...adAccountQuery,
      bookmark: pageQuery.bookmark,
    }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, newest first.') },
    errors: { invalidBookmark: {}, userNotFound: {} },
  }),
  /** Everybody's public Pins with some words, the best first. */
  partnerPins: operation({
    id: 'search_partner_pins',
    method: 'GET',
    path: '/search/partner/pins',
    tag: 'search',
    summary: "Search everybody's Pins",
    description: `The newest thousand public Pins of everybody with some words, those with all of them in their titles first. ${words}`,
    auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: false },
    category: 'org_read',
    query: Type.Object({
      term: wordsQuery('The words.'),
      country_code: countryCodeQuery,
      locale: Type.Optional(
        Type.String({ maxLength: 35, description: 'A language, such as en-US. Makes no difference.' }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'The most Pins that a page may hold.' }),
      ),
      bookmark: pageQuery.bookmark,
    }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(SummaryPin, 'The Pins, the best first.') },
    errors: { invalidRequest: { code: 400, message: 'Invalid pin filter value' }, invalidBookmark: {} },
  }),
} as const
