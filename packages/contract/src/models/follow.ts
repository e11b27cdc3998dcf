import { Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** What can be followed besides accounts and boards: the key of each interest, and what people call it. */
export const interests = {
  animals: 'Animals',
  architecture: 'Architecture',
  art: 'Art',
  beauty: 'Beauty',
  childrens_fashion: "Children's fashion",
  design: 'Design',
  diy_and_crafts: 'DIY and crafts',
  education: 'Education',
  electronics: 'Electronics',
  entertainment: 'Entertainment',
  event_planning: 'Event planning',
  finance: 'Finance',
  food_and_drinks: 'Food and drinks',
  gardening: 'Gardening',
  health: 'Health',
  home_decor: 'Home decor',
  mens_fashion: "Men's fashion",
  parenting: 'Parenting',
  quotes: 'Quotes',
  sport: 'Sport',
  travel: 'Travel',
  vehicles: 'Vehicles',
  wedding: 'Weddings',
  womens_fashion: "Women's fashion",
} as const

export type InterestKey = keyof typeof interests

/** The keys of all interests; one's place in this list, counted from 1, is its id. New ones go to the end. */
export const interestKeys = Object.keys(interests) as InterestKey[]

export const feedTypes = ['ALL', 'RANKED', 'CREATOR_ONLY', 'RANKED_CREATOR_ONLY'] as const
export type FeedType = (typeof feedTypes)[number]

export const UserSummary = Model(
  'UserSummary',
  'An account, in short.',
  {
    type: Type.Optional(Type.String({ description: 'Always `user`.', examples: ['user'] })),
    username: Type.Optional(Type.String({ description: 'Its username.', examples: ['demo'] })),
  },
  { examples: [{ type: 'user', username: 'demo' }] },
)

export const FollowUserRequest = Model(
  'FollowUserRequest',
  'How somebody comes to follow an account.',
  {
    auto_follow: Type.Optional(
      Type.Boolean({ description: 'Whether it comes from a link that says to follow. Makes no difference.' }),
    ),
  },
  { examples: [{ auto_follow: false }] },
)

export const Interest = Model(
  'Interest',
  'Something that people are interested in.',
  {
    canonical_url: Type.Optional(Type.String({ description: 'The address of its page. Pinfold has none.' })),
    id: Type.Optional(Type.String({ pattern: '^\\d+$', description: 'The interest.', examples: ['16'] })),
    key: Type.Optional(Type.String({ description: 'What programs call it.', examples: ['home_decor'] })),
    name: Type.Optional(Type.String({ description: 'What people call it.', examples: ['Home decor'] })),
  },
  { examples: [{ id: '16', key: 'home_decor', name: 'Home decor' }] },
)

export const usernameParams = Type.Object({
  username: Type.String({
    pattern: '(?!^\\d+$)^.+$',
    description: 'The username. One of digits alone would be taken for an id, and is refused.',
    examples: ['demo'],
  }),
})

export const feedTypeQuery = Type.Optional(
  StringEnum(feedTypes, {
    default: 'ALL',
    description:
      'ALL, RANKED: every account, newest first. CREATOR_ONLY, RANKED_CREATOR_ONLY: business accounts alone.',
  }),
)
