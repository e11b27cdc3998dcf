import { countries } from '../../countries.ts'
import { adAccountParams, EntityIds } from '../../models/ads/common.ts'
import {
  Keyword,
  KeywordMetrics,
  KeywordsAnswer,
  KeywordsCreate,
  KeywordsUpdate,
  MatchType,
  mostKeywords,
} from '../../models/ads/keyword.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeing } from './access.ts'

const tag = 'keywords'
const path = '/ad_accounts/{ad_account_id}/keywords'

export const keywords = {
  /** The keywords of an ad account, a campaign or ad groups. */
  list: operation({
    id: 'keywords/get',
    method: 'GET',
    path,
    tag,
    summary: 'List keywords',
    description:
      'The keywords of a campaign or of ad groups, oldest first; without either, those of the ad account itself, and ' +
      'not of what is in it. Those that are archived are left out.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      campaign_id: Type.Optional(
        Type.String({ pattern: '^\\d+$', maxLength: 18, description: 'Those of a campaign.' }),
      ),
      ad_group_id: Type.Optional(
        Type.String({ pattern: '^\\d+$', maxLength: 18, description: 'Those of an ad group.' }),
      ),
      ad_group_ids: EntityIds('Those of these ad groups.', { maxLength: 18 }),
      match_types: Type.Optional(
        Type.Array(MatchType, { minItems: 1, maxItems: 5, description: 'Only those for searches of these kinds.' }),
      ),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of keywords.', schema: PageOf(Keyword, 'The keywords.') },
    errors: {},
  }),
  /** Makes keywords, each for itself. */
  create: operation({
    id: 'keywords/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create keywords',
    description:
      `Makes up to ${mostKeywords} keywords for an ad group, a campaign or the ad account. One that is refused stands in ` +
      '`errors` and keeps none of the others from being made. Only an ad group takes keywords that do not end in _NEGATIVE.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: KeywordsCreate },
    success: { status: 200, description: 'What became of each.', schema: KeywordsAnswer },
    errors: {},
  }),
  /** Puts keywords away, or takes them out again. */
  update: operation({
    id: 'keywords/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Archive keywords',
    description: `Archives up to ${mostKeywords} keywords, or takes them out again. One that is refused keeps none of the others from it.`,
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: KeywordsUpdate },
    success: { status: 200, description: 'What became of each.', schema: KeywordsAnswer },
    errors: {},
  }),
  /** How frequent keywords are. */
  metrics: operation({
    id: 'country_keywords_metrics/get',
    method: 'GET',
    path: `${path}/metrics`,
    tag,
    summary: 'Get how frequent keywords are',
    description:
      'How often each keyword was counted in the last four weeks that are over, in searches and in public Pins, as for ' +
      'trends; of several words, the rarest counts. Nobody’s country is known here: each has the same numbers.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      country_code: Type.String({
        pattern: `^(?:${countries.join('|')})$`,
        description: 'A country, as two letters.',
        examples: ['US'],
      }),
      keywords: Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 2000,
        description: 'The keywords.',
        examples: [['cups', 'tea']],
      }),
    }),
    success: { status: 200, description: 'The keywords with their numbers.', schema: KeywordMetrics },
    errors: {},
  }),
} as const
