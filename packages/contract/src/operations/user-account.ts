import { Account } from '../models/account.ts'
import { LinkedBusiness } from '../models/ad-account.ts'
import {
  AccountAnalytics,
  accountFiltersQuery,
  accountMetrics,
  datesQuery,
  metricsOf,
  TopPins,
  TopVideoPins,
  topPinsOrders,
  topPinsQuery,
  videoMetrics,
} from '../models/analytics.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { follows } from './follows.ts'

const notYours = { code: 403 } as const
/** For sums over Pins, some of which are secret. */
const secretScopes = ['pins:read_secret'] as const
const topAuth = { by: 'token', scopes: ['pins:read', 'user_accounts:read'], clientCredentials: true } as const

export const userAccount = {
  /** The account that the token acts for. */
  get: operation({
    id: 'user_account/get',
    method: 'GET',
    path: '/user_account',
    tag: 'user_account',
    summary: 'Get the account',
    description: 'The account that the token acts for.',
    auth: { by: 'token', scopes: ['user_accounts:read'], secretScopes, clientCredentials: true },
    category: 'org_read',
    query: Type.Object(adAccountQuery),
    success: { status: 200, description: 'The account.', schema: Account },
    errors: { forbidden: { code: 403, message: 'Not authorized to access the user account.' } },
  }),
  /** The businesses that gave you a role in one of their ad accounts. */
  businesses: operation({
    id: 'linked_business_accounts/get',
    method: 'GET',
    path: '/user_account/businesses',
    tag: 'user_account',
    summary: 'List linked businesses',
    description: 'The businesses that gave you a role in one of their ad accounts, 250 at most, by username.',
    auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: true },
    category: 'org_read',
    success: {
      status: 200,
      description: 'The businesses.',
      schema: Type.Array(LinkedBusiness, { description: 'The businesses, by username.' }),
    },
    errors: {},
  }),
  /** How often all your Pins were seen and used, day by day. */
  analytics: operation({
    id: 'user_account/analytics',
    method: 'GET',
    path: '/user_account/analytics',
    tag: 'user_account',
    summary: 'Get account analytics',
    description: 'How often all your Pins were seen and used, day by day and in all.',
    auth: { by: 'token', scopes: ['user_accounts:read'], secretScopes, clientCredentials: false },
    category: 'org_analytics',
    query: Type.Object({
      ...datesQuery,
      ...accountFiltersQuery,
      metric_types: Type.Optional(metricsOf(accountMetrics, 'The metrics to give: all of them if not given.')),
      split_field: Type.Optional(
        StringEnum(['NO_SPLIT', 'APP_TYPE', 'OWNED_CONTENT', 'SOURCE', 'PIN_FORMAT'], {
          default: 'NO_SPLIT',
          description: 'Gives the numbers of each part beside those of all.',
        }),
      ),
      ...adAccountQuery,
    }),
    hasEtag: true,
    success: { status: 200, description: 'The numbers.', schema: AccountAnalytics },
    errors: {
      invalidRequest: { message: 'Invalid user accounts analytics parameters.' },
      daysNotKept: {},
      forbidden: notYours,
    },
  }),
  /** Your Pins with the most of something. */
  analyticsTopPins: operation({
    id: 'user_account/analytics/top_pins',
    method: 'GET',
    path: '/user_account/analytics/top_pins',
    tag: 'user_account',
    summary: 'Get top Pins',
    description: 'Your Pins with the most of something over the days asked for, 50 at most.',
    auth: topAuth,
    category: 'org_analytics',
    query: Type.Object({
      ...datesQuery,
      sort_by: StringEnum(topPinsOrders, { description: 'What to sort by, the most first.' }),
      ...accountFiltersQuery,
      metric_types: Type.Optional(metricsOf(accountMetrics, 'The metrics to give: all of them if not given.')),
      ...topPinsQuery,
      ...adAccountQuery,
    }),
    hasEtag: true,
    success: { status: 200, description: 'The Pins, the most first.', schema: TopPins },
    errors: { daysNotKept: {}, forbidden: notYours },
  }),
  /** Your video Pins with the most of something. */
  analyticsTopVideoPins: operation({
    id: 'user_account/analytics/top_video_pins',
    method: 'GET',
    path: '/user_account/analytics/top_video_pins',
    tag: 'user_account',
    summary: 'Get top video Pins',
    description: 'Your video Pins with the most of something over the days asked for, 50 at most.',
    auth: topAuth,
    category: 'org_analytics',
    query: Type.Object({
      ...datesQuery,
      sort_by: StringEnum(videoMetrics, { description: 'What to sort by, the most first.' }),
      ...accountFiltersQuery,
      metric_types: Type.Optional(metricsOf(videoMetrics, 'The metrics to give: all of them if not given.')),
      ...topPinsQuery,
      ...adAccountQuery,
    }),
    hasEtag: true,
    success: { status: 200, description: 'The Pins with videos, the most first.', schema: TopVideoPins },
    errors: { daysNotKept: {}, forbidden: notYours },
  }),
  ...follows,
} as const
