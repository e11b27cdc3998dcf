import {
  type TargetingApp,
  type TargetingGender,
  targetingAges,
  targetingApps,
  targetingGenders,
  targetingStrategies,
} from '../../data/targeting.ts'
import { Model, Nullable, StringEnum, Tagged } from '../../schema.ts'
import { Type } from '../../type.ts'

const Age = StringEnum(targetingAges)
const App = StringEnum(Object.keys(targetingApps) as TargetingApp[])
const Gender = StringEnum(Object.keys(targetingGenders) as TargetingGender[])

const listed = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))
const listedOrNull = (description: string) => Type.Optional(Nullable(Type.Array(Type.String(), { description })))

const Retargeting = Model('ShoppingRetargeting', 'Who did something with products of the advertiser.', {
  lookback_window: Type.Optional(Type.Integer({ description: 'How many days ago that began to count.' })),
  exclusion_window: Type.Optional(Type.Integer({ description: 'How many days ago it stopped to count.' })),
  tag_types: Type.Optional(Type.Array(Type.Integer(), { description: 'What they did, by numbers of conversions.' })),
})

/** Whom ads are shown to. Fields that are missing narrow nothing. */
export const TargetingSpec = Model(
  'TargetingSpec',
  'Whom ads are shown to. A field that is missing narrows nothing; `resources/targeting` lists what there is to choose.',
  {
    AGE_BUCKET: Type.Optional(
      Nullable(Type.Array(Age, { description: 'Ages in ranges: not beside `MINIMUM_AGE` and `MAXIMUM_AGE`.' })),
    ),
    MINIMUM_AGE: Type.Optional(
      Type.String({ pattern: '^\\d+$', description: 'The youngest, from 18 to 65: beside `MAXIMUM_AGE`.' }),
    ),
    MAXIMUM_AGE: Type.Optional(
      Type.String({ pattern: '^\\d+\\+?$', description: 'The oldest, from 18 to 65, or `65+`: beside `MINIMUM_AGE`.' }),
    ),
    APPTYPE: Type.Optional(Nullable(Type.Array(App, { description: 'Devices and apps.' }))),
    AUDIENCE_INCLUDE: Type.Optional(
      Nullable(
        Type.Array(Type.String({ pattern: '^\\d+$' }), { description: 'Only who is in one of these audiences.' }),
      ),
    ),
    AUDIENCE_EXCLUDE: Type.Optional(
      Nullable(
        Type.Array(Type.String({ pattern: '^\\d+$' }), { description: 'Nobody who is in one of these audiences.' }),
      ),
    ),
    GENDER: Type.Optional(Nullable(Type.Array(Gender, { description: 'Genders, as people have said them.' }))),
    GEO: listedOrNull('Parts of countries, by ISO 3166-2, or postal codes behind a country.'),
    GEO_EXCLUDE: listed('Parts of countries that are left out.'),
    INTEREST: listed('Interests, by their ids.'),
    LOCALE: listedOrNull('Languages, by ISO 639-1.'),
    LOCATION: listedOrNull('Countries, by ISO 3166-1, and metropolitan areas of the US.'),
    LOCATION_EXCLUDE: listed('Countries and metropolitan areas that are left out.'),
    SHOPPING_RETARGETING: Type.Optional(
      Nullable(Type.Array(Retargeting, { description: 'Who did something with products.' })),
    ),
    TARGETING_STRATEGY: Type.Optional(
      Nullable(Type.Array(StringEnum(targetingStrategies), { description: 'What the audience is for.' })),
    ),
  },
  { examples: [{ LOCATION: ['US'], GENDER: ['female'], MINIMUM_AGE: '25', MAXIMUM_AGE: '44' }] },
)

const operations = ['SET', 'ADD', 'REMOVE'] as const
const set = StringEnum(['SET'], { description: 'Replaces what was there.' })

/** One change of one field of a targeting spec. */
export const TargetingSpecOperation = Tagged(
  'field',
  [
    Type.Object({
      field: StringEnum([
        ...(['AUDIENCE_EXCLUDE', 'AUDIENCE_INCLUDE', 'GEO', 'GEO_EXCLUDE', 'INTEREST', 'LOCATION'] as const),
        ...(['LOCATION_EXCLUDE', 'LOCALE', 'APPTYPE', 'GENDER'] as const),
      ]),
      operation: StringEnum(operations, { description: 'Replaces the values, adds to them, or takes of them.' }),
      values: Nullable(Type.Array(Type.String(), { description: 'The values. None and SET: the field goes.' })),
    }),
    Type.Object({
      field: StringEnum(['AGE_BUCKET', 'SHOPPING_RETARGETING']),
      operation: set,
      values: Nullable(
        Type.Array(Type.Union([Age, Retargeting]), { description: 'The values. None: the field goes.' }),
      ),
    }),
    Type.Object({
      field: StringEnum(['MINIMUM_AGE', 'MAXIMUM_AGE']),
      operation: set,
      value: Nullable(Type.String({ pattern: '^\\d+\\+?$', description: 'The age. Null: the field goes.' })),
    }),
  ],
  { description: 'A change of one field of `targeting_spec`.' },
)
