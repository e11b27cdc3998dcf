import type { MainOutput, OperationOutput, resources } from '@pinfold/contract'
import type { Viewer } from '../core/viewer.ts'
import { categoryWords } from '../domains/trends/categories.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

type TrendResources = typeof resources.trends
type Topics = MainOutput<TrendResources['listFeaturedTopics']>
type TrendingPin = NonNullable<Topics[number]['trends']>[number]['pins'][number]
type Article = OperationOutput<TrendResources['listEditorialArticles']>[number]

const relatedCount = 8

/** The operations on what is frequent now. */
export function trendsApi(
  services: Pick<
    Services,
    'accounts' | 'analytics' | 'bookmarks' | 'mediaUrl' | 'pins' | 'publicBoards' | 'publicUrl' | 'terms' | 'trends'
  >,
): Handlers<TrendResources> {
  const { accounts, pins, publicBoards, publicUrl, terms, trends } = services
  const { pin: show } = pinRenderer(services)

  /** Those of the Pins that are public now, as pictures. */
  const picturesOf = async (viewer: Viewer, ids: readonly number[]): Promise<TrendingPin[]> =>
    (await pins.byIds(ids))
      .filter(({ privacy }) => privacy === 'PUBLIC')
      .map((pin) => {
        const { id, dominant_color, media } = JSON.parse(show(viewer, pin))
        const { url, width, height } = (media.images ?? media.items[0].images)['600x']
        return { id, src: url, color: dominant_color, width, height }
      })

  const related = async (word: string) => (await terms.related(word)).slice(0, relatedCount)

  return {
    listKeywords: async ({ params: { trend_type }, query }) => {
      const keywords = await trends.keywords({
        type: trend_type,
        interests: query.interests,
        include: query.include_keywords,
        asGroup: query.normalize_against_group ?? false,
        count: query.limit ?? 50,
        withDemographics: query.include_demographics ?? false,
      })
      return { trends: keywords.map((each) => ({ ...each, predicted_time_series: {}, has_prediction: false })) }
    },

    listFeaturedTopics: async ({ viewer, query: { interest = 'ALL', region } }) => {
      const topics = []
      for (const { id, word, interests, pinIds, ...numbers } of await trends.topics(interest))
        topics.push({
          id,
          title: word.charAt(0).toUpperCase() + word.slice(1),
          description: `Pins with the word “${word}”.`,
          pins: await picturesOf(viewer, pinIds),
          related_searches: await related(word),
          related_interests: interests,
          ...numbers,
        })
      return topics.length === 0 ? [] : [{ interest, market: region, trends: topics }]
    },

    listProductCategories: async ({ query: { engagement_type = 'ENGAGEMENT', verticals } }) =>
      (await trends.categories(engagement_type, verticals)).map((each) => ({ engagement_type, ...each })),

    getProductCategories: async ({ query }) => {
      const { engagement_type = 'ENGAGEMENT', lookback_window = 365 } = query
      const found = []
      for (const name of new Set(query.product_categories)) {
        const details = await trends.category(name, engagement_type, Math.floor(lookback_window / 7))
        if (!details) continue
        const { ENGAGEMENT, OUTBOUND_CLICK, SAVE } = details.changes
        found.push({
          product_category: name,
          metrics_highlights: {
            engagement: { pct_change_mom: ENGAGEMENT },
            pin_saves: { pct_change_mom: SAVE },
            outbound_clicks: { pct_change_mom: OUTBOUND_CLICK },
          },
          time_series: details.time_series,
          has_prediction: false,
          predicted_time_series: {},
          related_searches: await related(categoryWords(name)),
        })
      }
      return found
    },

    listEditorialArticles: async () => {
      const editorials = await trends.editorials()
      const boards = await publicBoards.publicByIds(editorials.map(({ boardId }) => boardId))
      const owners = await accounts.byIds([...boards.values()].map(({ owner_id }) => owner_id))
      const shown = new Set(
        (await pins.byIds(editorials.flatMap(({ pinIds }) => pinIds))).flatMap(({ id, privacy }) =>
          privacy === 'PUBLIC' ? [id] : [],
        ),
      )
      return editorials.flatMap(({ boardId, pinIds, interests, keywords }): Article[] => {
        const board = boards.get(boardId)
        const owner = board && owners.get(board.owner_id)
        if (!owner) return []
        const path = `${encodeURIComponent(owner.username)}/${encodeURIComponent(slugOf(board.name))}`
        return [
          {
            title: board.name,
            description: board.description,
            board_url: `${publicUrl()}/${path}/`,
            pins_url: pinIds.filter((id) => shown.has(id)).map((id) => `${publicUrl()}/pin/${id}/`),
            interests: [...interests],
            related_keywords: keywords,
          },
        ]
      })
    },
  }
}

/** A board's name as addresses have it. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
