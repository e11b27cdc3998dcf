import { Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

export const accountTypes = ['PINNER', 'BUSINESS'] as const
export type AccountType = (typeof accountTypes)[number]

const count = (description: string) => Type.Optional(Nullable(Type.Integer({ readOnly: true, description })))

export const Account = Model(
  'Account',
  'A user account.',
  {
    account_type: Type.Optional(StringEnum(accountTypes, { description: 'A person, or a business.' })),
    id: Type.Optional(Type.String({ pattern: '^\\d+$', description: 'The account.', examples: ['1142048512397312'] })),
    username: Type.Optional(
      Type.String({ description: 'Unique, and part of the profile address.', examples: ['demo'] }),
    ),
    profile_image: Type.Optional(Type.String({ description: 'Address of the profile picture.' })),
    website_url: Type.Optional(Type.String({ description: 'The website; empty if there is none.' })),
    about: Type.Optional(Type.String({ description: 'What the account says of itself; empty if nothing.' })),
    business_name: Type.Optional(
      Nullable(Type.String({ description: 'The name of the business; null for a person.' })),
    ),
    board_count: count('How many boards it has.'),
    pin_count: count('How many Pins it has, made and saved ones together.'),
    follower_count: count('How many follow it.'),
    following_count: count('How many it follows.'),
    monthly_views: count('How often its Pins were seen in the last 30 days.'),
  },
  {
    examples: [
      {
        account_type: 'BUSINESS',
        id: '1142048512397312',
        username: 'demo',
        profile_image: 'http://127.0.0.1:4000/media/avatars/1142048512397312.png',
        website_url: 'https://example.com',
        about: 'Pictures that were drawn by a program.',
        business_name: 'Demo Studio',
        board_count: 4,
        pin_count: 38,
        follower_count: 0,
        following_count: 0,
        monthly_views: 0,
      },
    ],
  },
)
