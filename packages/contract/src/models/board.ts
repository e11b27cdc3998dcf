import { Id, Model, Nullable, StringEnum, Timestamp } from '../schema.ts'
import { Type } from '../type.ts'

export const boardPrivacies = ['PUBLIC', 'PROTECTED', 'SECRET'] as const
export type BoardPrivacy = (typeof boardPrivacies)[number]

const name = (description: string) => Type.String({ minLength: 1, maxLength: 180, description, examples: ['Ceramics'] })

const description = Nullable(
  Type.String({ maxLength: 500, description: 'What the board is about.', examples: ['Cups, bowls and quiet corners'] }),
)

export const BoardOwner = Model('BoardOwner', 'The account that a board belongs to.', {
  username: Type.Optional(Type.String({ readOnly: true, examples: ['demo'] })),
})

const BoardMedia = Model('BoardMedia', 'Pictures that stand for a board.', {
  image_cover_url: Type.Optional(Nullable(Type.String({ description: 'The cover; null while the board is empty.' }))),
  pin_thumbnail_urls: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Small pictures of the newest Pins but for the cover, newest first, five at most.',
    }),
  ),
})

const boardProperties = {
  id: Type.String({ pattern: '^\\d+$', readOnly: true, description: 'The board.', examples: ['1142048512397312'] }),
  name: Type.String({ description: 'Unique among the boards of its owner.', examples: ['Ceramics'] }),
  description: Type.Optional(description),
  owner: Type.Optional(BoardOwner),
  is_ads_only: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether the board keeps Pins for advertising only.' }),
  ),
  pin_count: Type.Optional(Type.Integer({ minimum: 0, readOnly: true, description: 'How many Pins it holds.' })),
  follower_count: Type.Optional(Type.Integer({ minimum: 0, readOnly: true, description: 'How many follow it.' })),
  collaborator_count: Type.Optional(
    Type.Integer({ minimum: 0, readOnly: true, description: 'How many others may pin to it: a group board has some.' }),
  ),
  created_at: Type.Optional(Timestamp('When the board was made.')),
  board_pins_modified_at: Type.Optional(
    Timestamp('When Pins were last added, moved or removed: with microseconds once there was one.'),
  ),
  media: Type.Optional(BoardMedia),
}

export const Board = Model(
  'Board',
  'A board: a named collection of Pins.',
  {
    ...boardProperties,
    privacy: Type.Optional(
      StringEnum(boardPrivacies, {
        default: 'PUBLIC',
        description:
          'PUBLIC: anyone may see it. PROTECTED: whoever has its address. SECRET: its owner and collaborators. ' +
          'A board for advertising only is always PROTECTED.',
      }),
    ),
  },
  {
    examples: [
      {
        id: '1142048512397312',
        name: 'Ceramics',
        description: 'Cups, bowls and quiet corners',
        owner: { username: 'demo' },
        privacy: 'PUBLIC',
        is_ads_only: false,
        pin_count: 2,
        follower_count: 0,
        collaborator_count: 0,
        created_at: '2026-03-14T09:26:53',
        board_pins_modified_at: '2026-03-15T08:00:00.250000',
        media: {
          image_cover_url: 'http://127.0.0.1:4000/media/400x300/0123456789abcdef0123456789abcdef.jpg',
          pin_thumbnail_urls: ['http://127.0.0.1:4000/media/150x150/fedcba9876543210fedcba9876543210.jpg'],
        },
      },
    ],
  },
)

export const BoardCreate = Model(
  'BoardCreate',
  'A board to make.',
  {
    name: name('What to call it: unique among your boards. A board for advertising only is always "Ad-only Pins".'),
    description: Type.Optional(description),
    privacy: Type.Optional(StringEnum(boardPrivacies, { default: 'PUBLIC', description: 'Who may see it.' })),
    is_ads_only: Type.Optional(Type.Boolean({ default: false, description: 'Make it a board for advertising only.' })),
  },
  { examples: [{ name: 'Ceramics', description: 'Cups, bowls and quiet corners', privacy: 'PUBLIC' }] },
)

export const BoardUpdate = Model(
  'BoardUpdate',
  'What to change about a board. What is left out stays.',
  {
    name: Type.Optional(name('A new name, unique among your boards.')),
    description: Type.Optional(description),
    privacy: Type.Optional(StringEnum(['PUBLIC', 'SECRET'], { description: 'Who may see it from now on.' })),
  },
  { examples: [{ name: 'Ceramics and glass', privacy: 'SECRET' }] },
)

export const boardPrivacyFilters = ['ALL', 'PUBLIC', 'PROTECTED', 'SECRET', 'PUBLIC_AND_SECRET'] as const

export const BoardSection = Model(
  'BoardSection',
  'A named part of a board.',
  {
    id: Type.Optional(
      Type.String({
        description: 'The section. What a request says of it makes no difference.',
        examples: ['1142048512397440'],
      }),
    ),
    name: Type.String({
      minLength: 1,
      maxLength: 180,
      description: 'Unique among the sections of its board.',
      examples: ['Glazes'],
    }),
  },
  { examples: [{ name: 'Glazes' }] },
)

export const boardParams = Type.Object({ board_id: Id('The board.') })
export const sectionParams = Type.Object({ board_id: Id('The board.'), section_id: Id('The section.') })
