import { businessAccessRoles } from '../business-access.ts'
import { countries, currencies } from '../countries.ts'
import { Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

const seconds = (description: string) =>
  Type.Optional(Nullable(Type.Integer({ readOnly: true, description: `${description}, in Unix seconds.` })))

const given = {
  name: Type.Optional(
    Type.String({ maxLength: 256, description: 'What people call it.', examples: ['Studio, Europe'] }),
  ),
  country: Type.Optional(StringEnum(countries, { description: 'Where the advertiser is, as two letters.' })),
  currency: Type.Optional(StringEnum(currencies, { description: 'What its advertising is paid in.' })),
  time_zone: Type.Optional(
    Type.String({
      description: 'Its time zone: a name of the IANA database. The days of analytics are those of UTC all the same.',
      examples: ['Europe/Berlin'],
    }),
  ),
}

const AdAccountOwner = Model('AdAccountOwner', 'The account that an ad account belongs to.', {
  id: Type.Optional(Type.String({ description: 'The account.', examples: ['1142048512397312'] })),
  username: Type.Optional(Type.String({ description: 'Its username.', examples: ['demo'] })),
})

export const AdAccount = Model(
  'AdAccount',
  'An ad account: what advertising belongs to, and what others are given roles in.',
  {
    id: Type.String({
      pattern: '^\\d+$',
      maxLength: 18,
      description: 'The ad account.',
      examples: ['1142048512397313'],
    }),
    ...given,
    owner: Type.Optional(AdAccountOwner),
    permissions: Type.Optional(
      Type.Array(StringEnum(businessAccessRoles), {
        readOnly: true,
        description: 'Your roles in it. Empty in the answer that creates it.',
      }),
    ),
    created_time: seconds('When it was made'),
    updated_time: seconds('When it was changed last'),
  },
  {
    examples: [
      {
        id: '1142048512397313',
        name: 'Demo Studio',
        owner: { username: 'demo', id: '1142048512397312' },
        country: 'US',
        currency: 'USD',
        permissions: ['OWNER'],
        created_time: 1773480413,
        updated_time: 1773480413,
      },
    ],
  },
)

export const AdAccountCreate = Model(
  'AdAccountCreate',
  'An ad account to make.',
  {
    ...given,
    owner_user_id: Type.Optional(
      Type.String({
        pattern: '^\\d+$',
        description: 'The account that will own it: your own, and so it is if not given.',
      }),
    ),
  },
  { examples: [{ name: 'Studio, Europe', country: 'DE', currency: 'EUR', time_zone: 'Europe/Berlin' }] },
)

const AdAccountCountry = Model(
  'AdAccountCountry',
  'A country that an ad account can be in.',
  {
    code: Type.Optional(StringEnum(countries, { description: 'As two letters.' })),
    currency: Type.Optional(Type.String({ description: 'What is paid with there, by ISO 4217.', examples: ['EUR'] })),
    index: Type.Optional(Type.Number({ description: 'Its place in the list, from 1 on.', examples: [1] })),
    name: Type.Optional(Type.String({ description: 'Its name in English.', examples: ['Germany'] })),
  },
  { examples: [{ code: 'DE', currency: 'EUR', index: 1, name: 'Germany' }] },
)

export const AdAccountCountries = Model('AdAccountCountries', 'The countries that ad accounts can be in.', {
  items: Type.Optional(Type.Array(AdAccountCountry, { description: 'The countries, by name.' })),
})

const picture = (size: string) =>
  Type.Optional(
    Type.String({
      description: `Address of its ${size} profile picture.`,
      examples: ['https://pins.example/media/avatars/1142048512397312.png'],
    }),
  )

const exampleAvatar = 'https://pins.example/media/avatars/1142048512397312.png'

export const LinkedBusiness = Model(
  'LinkedBusiness',
  'A business that has given you a role.',
  {
    username: Type.Optional(Type.String({ description: 'Its username.', examples: ['demo'] })),
    image_small_url: picture('small'),
    image_medium_url: picture('middle-sized'),
    image_large_url: picture('large'),
    image_xlarge_url: picture('very large'),
  },
  {
    examples: [
      {
        username: 'demo',
        image_small_url: exampleAvatar,
        image_medium_url: exampleAvatar,
        image_large_url: exampleAvatar,
        image_xlarge_url: exampleAvatar,
      },
    ],
  },
)
