import { Id, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** Where things can be put in an order. */
export const spots = ['first', 'last', 'before', 'after'] as const

/** How many things are arranged at once at most. */
const mostAtOnce = 250

const arrangement = (what: string) => ({
  ids: Type.Array(Id('One of them.'), {
    minItems: 1,
    maxItems: mostAtOnce,
    description: `The ${what} to move, each once, in the order that they are to stand in.`,
  }),
  to: StringEnum(spots, { description: 'Where to put them. `before` and `after` are directly beside `anchor_id`.' }),
  anchor_id: Type.Optional(Nullable(Id('What they are to stand directly before or after; not one of themselves.'))),
})

const example = { ids: ['1142048512397440'], to: 'first' }

export const PinArrangement = Model(
  'PinArrangement',
  'Which Pins of a board are to stand where among the others.',
  {
    ...arrangement('Pins'),
    section_id: Type.Optional(Id('`first` and `last` are meant among the Pins of this section.')),
  },
  { examples: [example] },
)

export const SectionArrangement = Model(
  'SectionArrangement',
  'Which sections of a board are to stand where among the others.',
  arrangement('sections'),
  { examples: [example] },
)

export const BoardViewUpdate = Model(
  'BoardViewUpdate',
  'A change of how a board is shown. What is left out stays as it is.',
  {
    is_archived: Type.Optional(
      Type.Boolean({ description: 'Whether it is put away: out of the lists of whoever is on it, but still there.' }),
    ),
    cover_pin_id: Type.Optional(
      Nullable(Id('A Pin on it, whose picture becomes its cover; null: that of the newest Pin.')),
    ),
  },
  { examples: [{ is_archived: true }] },
)

export const BoardMerge = Model(
  'BoardMerge',
  'Where the Pins and sections of a board go.',
  {
    into_board_id: Id('Another board of yours.'),
    as_section: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether the Pins that are in no section go into one that has the name of the board.',
      }),
    ),
  },
  { examples: [{ into_board_id: '1142048512397440' }] },
)
