import { Type } from 'typebox'
import { Id, Model, Nullable, StringEnum, Timestamp } from '../schema.ts'

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
    Type.Array(Type.String(), { description: 'Small pictures of the newest Pins, newest first, five at most.' }),
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
    Type.Integer({ minimum: 0, readOnly: true, description: 'How many others may pin to it.' }),
  ),
  created_at: Type.Optional(Timestamp('When the board was made.')),
  board_pins_modified_at: Type.Optional(Timestamp('When Pins were last added, moved or removed.')),
  media: Type.Optional(BoardMedia),
}

export const Board = Model('Board', 'A board: a named collection of Pins.', {
  ...boardProperties,
  privacy: Type.Optional(
    StringEnum(boardPrivacies, {
      default: 'PUBLIC',
      description:
        'PUBLIC: anyone may see it. PROTECTED: whoever has its address. SECRET: its owner alone. ' +
        'A board for advertising only is always PROTECTED.',
    }),
  ),
})

export const BoardCreate = Model('BoardCreate', 'A board to make.', {
  name: name('What to call it: unique among your boards. A board for advertising only is always "Ad-only Pins".'),
  description: Type.Optional(description),
  privacy: Type.Optional(StringEnum(boardPrivacies, { default: 'PUBLIC', description: 'Who may see it.' })),
  is_ads_only: Type.Optional(Type.Boolean({ default: false, description: 'Make it a board for advertising only.' })),
})

export const BoardUpdate = Model('BoardUpdate', 'What to change about a board. What is left out stays.', {
  name: Type.Optional(name('A new name, unique among your boards.')),
  description: Type.Optional(description),
  privacy: Type.Optional(StringEnum(['PUBLIC', 'SECRET'], { description: 'Who may see it from now on.' })),
})

export const boardPrivacyFilters = ['ALL', 'PUBLIC', 'PROTECTED', 'SECRET', 'PUBLIC_AND_SECRET'] as const

export const BoardSection = Model('BoardSection', 'A named part of a board.', {
  id: Type.Optional(Type.String({ readOnly: true, description: 'The section.', examples: ['1142048512397440'] })),
  name: Type.String({
    minLength: 1,
    maxLength: 180,
    description: 'Unique among the sections of its board.',
    examples: ['Glazes'],
  }),
})

export const boardParams = Type.Object({ board_id: Id('The board.') })
export const sectionParams = Type.Object({ board_id: Id('The board.'), section_id: Id('The section.') })
