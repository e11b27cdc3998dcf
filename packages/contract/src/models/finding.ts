import { Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { Pin } from './pin.ts'
import { BoardView, Person } from './web.ts'

/** What a search looks through: everything that one may see, or one's own. */
export const searchScopes = ['all', 'mine'] as const
export type SearchScope = (typeof searchScopes)[number]

/** What a Pin shows. */
export const pinKinds = ['image', 'video', 'carousel'] as const
export type PinKind = (typeof pinKinds)[number]

export const searchScopeQuery = Type.Optional(
  StringEnum(searchScopes, {
    default: 'all',
    description: '`all`: everything that you may see. `mine`: your own, for which you must be signed in.',
  }),
)

export const Suggestions = Model(
  'Suggestions',
  'A few of the things that have some words, to choose from while somebody types.',
  {
    pins: Type.Array(Pin, { description: 'Pins that you may see, the best first, six at most.' }),
    boards: Type.Array(BoardView, { description: 'Boards, yours first, five at most.' }),
    people: Type.Array(Person, { description: 'Accounts, four at most.' }),
  },
  { examples: [{ pins: [], boards: [], people: [] }] },
)
