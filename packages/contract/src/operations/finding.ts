import { pinKinds, Suggestions, searchScopeQuery } from '../models/finding.ts'
import { Pin } from '../models/pin.ts'
import { wordsQuery } from '../models/search.ts'
import { BoardView, Person } from '../models/web.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

const shared = { method: 'GET', root: '/_pinfold', tag: 'web', category: 'org_read' } as const

/** Search over what one may see, for the web app. Nothing that is secret from the caller is found, counted or suggested. */
export const finding = {
  /** Pins with some words, from what one may see. */
  pins: operation({
    ...shared,
    id: 'web/search_pins',
    path: '/web/search/pins',
    summary: 'Search the Pins that you may see',
    description:
      'Public Pins, and your own: of those with every word the newest thousand that pass the filters, those with the words ' +
      'in their titles first. The last word may be the beginning of one; small typing errors are forgiven. Without words: ' +
      'the newest. With a colour: the nearest to it first. Reading stops after 20,000 Pins that have the words and do not pass.',
    auth: { by: 'anyone', scopes: ['boards:read', 'pins:read'] },
    query: Type.Object({
      query: Type.Optional(wordsQuery('The words.')),
      scope: searchScopeQuery,
      board_id: Type.Optional(Id('Only Pins on this board, whosever they are: one that you may see.')),
      kind: Type.Optional(StringEnum(pinKinds, { description: 'Only Pins that show this.' })),
      site: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 253,
          description: 'Only Pins that link to this host, with or without `www.`.',
          examples: ['example.com'],
        }),
      ),
      has_link: Type.Optional(
        Type.Boolean({ description: 'Only Pins that link somewhere, or only those that do not.' }),
      ),
      since: Type.Optional(
        Type.String({ format: 'date', description: 'Only Pins from this day on, UTC.', examples: ['2026-03-01'] }),
      ),
      color: Type.Optional(
        Type.String({
          pattern: '^[\\da-fA-F]{6}$',
          description:
            'Only Pins whose picture has a main colour near this one: red, green and blue in hexadecimal digits.',
          examples: ['c2410c'],
        }),
      ),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, the best first.') },
    errors: { boardNotFound: {} },
  }),
  /** Boards by name, from what one may see. */
  boards: operation({
    ...shared,
    id: 'web/search_boards',
    path: '/web/search/boards',
    summary: 'Search the boards that you may see',
    description:
      '`mine`: the boards that you are on with every word in their names or descriptions, newest first. `all`: the public ' +
      'boards whose names begin with the words, by name.',
    auth: { by: 'anyone', scopes: ['boards:read'] },
    query: Type.Object({ query: wordsQuery('The words.'), scope: searchScopeQuery, ...pageQuery }),
    success: { status: 200, description: 'A page of boards.', schema: PageOf(BoardView, 'The boards.') },
    errors: {},
  }),
  /** Accounts by username or name. */
  people: operation({
    ...shared,
    id: 'web/search_people',
    path: '/web/search/people',
    summary: 'Search accounts',
    description: 'The first 50 accounts whose usernames or names begin with the words: more letters leave fewer.',
    auth: { by: 'anyone', scopes: ['user_accounts:read'] },
    query: Type.Object({ query: wordsQuery('The beginning of a username, or of a name.') }),
    success: {
      status: 200,
      description: 'The accounts.',
      schema: Type.Object({ items: Type.Array(Person, { description: 'The accounts, by name.' }) }),
    },
    errors: {},
  }),
  /** A few of each, while somebody types. */
  suggest: operation({
    ...shared,
    id: 'web/suggest',
    path: '/web/search/suggestions',
    summary: 'Suggest what has some words',
    description: 'A few Pins, boards and accounts, found as the searches find them. It does not count as a search.',
    auth: { by: 'anyone', scopes: ['boards:read', 'pins:read', 'user_accounts:read'] },
    query: Type.Object({ query: wordsQuery('What was typed so far.') }),
    success: { status: 200, description: 'The suggestions.', schema: Suggestions },
    errors: {},
  }),
} as const
