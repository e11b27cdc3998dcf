import {
  categoryDetailsQuery,
  FeaturedTrend,
  ProductCategoryDetails,
  productRegionQuery,
  TrendingKeywords,
  TrendingProductCategory,
  TrendsEditorial,
  topicQuery,
  trendingCategoriesQuery,
  trendingKeywordParams,
  trendingKeywordQuery,
} from '../models/trend.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

const read = { by: 'token', scopes: ['user_accounts:read'] } as const
const counted = 'Counted in whole weeks, from Sunday to Saturday.'

export const trends = {
  /** The words that are frequent now, in searches and in public Pins. */
  listKeywords: operation({
    id: 'trending_keywords/list',
    method: 'GET',
    path: '/trends/keywords/{region}/top/{trend_type}',
    tag: 'keywords',
    summary: 'List trending keywords',
    description: `The words that are frequent now, in searches and in public Pins. ${counted}`,
    auth: { ...read, clientCredentials: false },
    category: 'trends_read',
    params: trendingKeywordParams,
    query: Type.Object(trendingKeywordQuery),
    success: { status: 200, description: 'The keywords.', schema: TrendingKeywords },
    errors: { invalidRequest: { code: 400, message: 'Invalid trending keywords request parameters' } },
  }),
  /** At most five words that are frequent now, with public Pins that have them. */
  listFeaturedTopics: operation({
    id: 'trends_featured_topics/list',
    method: 'GET',
    path: '/trends/topics/featured',
    tag: 'product_categories',
    summary: 'List featured topics',
    description: `At most five words that are frequent now, each with at most six public Pins that have it. ${counted}`,
    auth: { ...read, clientCredentials: true },
    category: 'trends_read',
    query: Type.Object(topicQuery),
    success: {
      status: 200,
      description: 'The topics of one interest; nothing if there are none.',
      schema: Type.Array(FeaturedTrend),
    },
    errors: {},
  }),
  /** The kinds of products with whose Pins more is done now. */
  listProductCategories: operation({
    id: 'trends_product_categories_trending/list',
    method: 'GET',
    path: '/trends/product_categories/trending',
    tag: 'product_categories',
    summary: 'List trending product categories',
    description:
      'The kinds of products whose words stand in public Pins with which something was done in the last four weeks, those ' +
      `that grew most first. ${counted}`,
    auth: { ...read, clientCredentials: true },
    category: 'trends_read',
    query: Type.Object(trendingCategoriesQuery),
    success: { status: 200, description: 'The categories.', schema: Type.Array(TrendingProductCategory) },
    errors: {},
  }),
  /** What was done with the Pins of some kinds of products. */
  getProductCategories: operation({
    id: 'trends_product_categories_details/list',
    method: 'GET',
    path: '/trends/product_categories/details',
    tag: 'product_categories',
    summary: 'Get product categories',
    description:
      `What was done with the public Pins of some kinds of products, week by week. Those of which nothing is known are ` +
      `left out. ${counted}`,
    auth: { ...read, clientCredentials: true },
    category: 'trends_read',
    query: Type.Object(categoryDetailsQuery),
    success: { status: 200, description: 'The categories.', schema: Type.Array(ProductCategoryDetails) },
    errors: {},
  }),
  /** The public boards that most is done with now, as articles. */
  listEditorialArticles: operation({
    id: 'trends_editorial_articles/list',
    method: 'GET',
    path: '/trends/editorial_articles',
    tag: 'trends',
    summary: 'List editorial articles',
    description: `At most five public boards with whose Pins most was done in the last four weeks. ${counted}`,
    auth: { ...read, clientCredentials: false },
    category: 'trends_read',
    query: Type.Object(productRegionQuery),
    success: { status: 200, description: 'The articles.', schema: Type.Array(TrendsEditorial) },
    errors: {},
  }),
} as const
