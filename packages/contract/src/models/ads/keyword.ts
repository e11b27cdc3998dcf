import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { EntityId, ItemErrors } from './common.ts'

/** The most keywords that one request makes or changes. */
export const mostKeywords = 500

export const matchTypes = ['BROAD', 'PHRASE', 'EXACT', 'EXACT_NEGATIVE', 'PHRASE_NEGATIVE'] as const
/** Which searches a keyword is for, or which it keeps ads away from. */
export type MatchType = (typeof matchTypes)[number]

export const keywordParents = ['ADVERTISER', 'CAMPAIGN', 'AD_GROUP'] as const
/** What a keyword is for. */
export type KeywordParent = (typeof keywordParents)[number]

/** Which searches a keyword is for. */
export const MatchType = StringEnum(matchTypes, {
  description: 'Which searches it is for; those that end in _NEGATIVE are the ones to keep away from.',
  examples: ['EXACT_NEGATIVE'],
})

const match_type = Nullable(MatchType)
const value = Type.String({ description: 'The words, at most 120 characters.', examples: ['cheap cups'] })
const bid = Type.Optional(
  Nullable(Type.Integer({ deprecated: true, description: 'It is not set any more, and read as null.' })),
)
const parent_id = Type.String({
  maxLength: 30,
  description: 'The ad group, the campaign or the ad account that they are for; `AG` or `C` may stand before it.',
  examples: ['1142048512397315'],
})

const NewKeyword = Model(
  'NewKeyword',
  'A keyword to make.',
  { match_type, value, bid },
  { examples: [{ value: 'cheap cups', match_type: 'EXACT_NEGATIVE' }] },
)

export const KeywordsCreate = Model(
  'KeywordsCreate',
  'Keywords to make, all for one parent.',
  {
    keywords: Type.Array(NewKeyword, { minItems: 1, maxItems: mostKeywords, description: 'The keywords.' }),
    parent_id,
  },
  {
    examples: [{ parent_id: '1142048512397315', keywords: [{ value: 'cheap cups', match_type: 'EXACT_NEGATIVE' }] }],
  },
)

export const KeywordsUpdate = Model(
  'KeywordsUpdate',
  'Changes of keywords.',
  {
    keywords: Type.Optional(
      Type.Array(
        Model('KeywordUpdate', 'A change of a keyword.', {
          id: EntityId('The keyword.'),
          archived: Type.Optional(Type.Boolean({ description: 'Whether it is put away.' })),
          bid,
        }),
        { maxItems: mostKeywords, description: 'The changes.' },
      ),
    ),
  },
  { examples: [{ keywords: [{ id: '1142048512397316', archived: true }] }] },
)

const example = {
  ...{ id: '1142048512397316', parent_id: '1142048512397315', parent_type: 'CAMPAIGN', type: 'KEYWORD' },
  ...{ archived: false, bid: null, match_type: 'EXACT_NEGATIVE', value: 'cheap cups' },
}

export const Keyword = Model(
  'Keyword',
  'Words of searches, for which ads are shown or not shown.',
  {
    id: EntityId('The keyword.'),
    parent_id: EntityId('What it is for.'),
    parent_type: Type.Optional(StringEnum(keywordParents, { description: 'What kind of thing that is.' })),
    type: Type.Optional(Type.String({ description: 'Always `KEYWORD`.', examples: ['KEYWORD'] })),
    archived: Type.Optional(Type.Boolean({ description: 'Whether it is put away.' })),
    bid,
    match_type,
    value,
  },
  { examples: [example] },
)

const RefusedKeyword = Model('RefusedKeyword', 'A keyword as it was sent.', {
  id: Type.Optional(EntityId('The keyword, if it was to be changed.')),
  parent_id: Type.Optional(Type.String({ description: 'What it was to be for.' })),
  archived: Type.Optional(Type.Boolean({ description: 'Whether it was to be put away.' })),
  bid,
  match_type: Type.Optional(match_type),
  value: Type.Optional(value),
})

export const KeywordsAnswer = Model(
  'KeywordsAnswer',
  'What became of the keywords: those that were made or changed, and those that were refused.',
  {
    keywords: Type.Array(Keyword, { description: 'Those that were made or changed, in the order of the request.' }),
    errors: ItemErrors('RefusedKeywordError', RefusedKeyword),
  },
  { examples: [{ keywords: [example], errors: [] }] },
)

const volume = Type.Optional(
  Type.String({
    description: 'How often it was counted in the last four weeks that are over: a number, from 10 on rounded down.',
    examples: ['5K+'],
  }),
)

export const KeywordMetrics = Model(
  'KeywordMetrics',
  'How frequent keywords are.',
  {
    data: Type.Optional(
      Type.Array(
        Model('KeywordMetricsItem', 'How frequent one keyword is.', {
          keyword: Type.Optional(Type.String({ description: 'The keyword.', examples: ['cups'] })),
          metrics: Type.Optional(
            Model('KeywordVolume', 'Its numbers.', {
              keyword_query_volume: volume,
              KEYWORD_QUERY_VOLUME: Type.Optional(
                Type.String({ description: 'The same: Pinterest answers with this name.', examples: ['5K+'] }),
              ),
            }),
          ),
        }),
        { description: 'The keywords, as they were asked for.' },
      ),
    ),
  },
  {
    examples: [{ data: [{ keyword: 'cups', metrics: { keyword_query_volume: '5K+', KEYWORD_QUERY_VOLUME: '5K+' } }] }],
  },
)
