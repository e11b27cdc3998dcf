import { Board } from '../models/board.ts'
import { FollowUserRequest, feedTypeQuery, Interest, UserSummary, usernameParams } from '../models/follow.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const readAuth = { by: 'token', scopes: ['user_accounts:read'], clientCredentials: true } as const
const invalidUserId = { code: 400, message: 'Invalid user id' } as const
const explicitQuery = (description: string) => Type.Optional(Type.Boolean({ default: false, description }))

/** Who follows whom and what: a part of `userAccount`. */
export const follows = {
  /** The accounts that follow yours. */
  listFollowers: operation({
    id: 'followers/list',
    method: 'GET',
    path: '/user_account/followers',
    tag: 'user_account',
    summary: 'List your followers',
    description: 'The accounts that follow yours, the newest follow first.',
    auth: readAuth,
    category: 'ads_read',
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of accounts.',
      schema: PageOf(UserSummary, 'The accounts, the newest follow first.'),
    },
    errors: { invalidRequest: invalidUserId },
  }),
  /** The accounts that you follow, or follow a board of. */
  listFollowing: operation({
    id: 'user_following/get',
    method: 'GET',
    path: '/user_account/following',
    tag: 'user_account',
    summary: 'List whom you follow',
    description: 'The accounts that you follow and those whose boards you follow, the newest follow first.',
    auth: readAuth,
    category: 'org_read',
    query: Type.Object({
      ...pageQuery,
      feed_type: feedTypeQuery,
      explicit_following: explicitQuery('Leave out accounts of which you follow boards alone.'),
      ...adAccountQuery,
    }),
    success: {
      status: 200,
      description: 'A page of accounts.',
      schema: PageOf(UserSummary, 'The accounts, the newest follow first.'),
    },
    errors: {},
  }),
  /** The boards of others that you follow. */
  listFollowedBoards: operation({
    id: 'boards_user_follows/list',
    method: 'GET',
    path: '/user_account/following/boards',
    tag: 'user_account',
    summary: 'List boards that you follow',
    description: 'The boards of others that you follow, the newest follow first.',
    auth: readAuth,
    category: 'org_read',
    query: Type.Object({
      ...pageQuery,
      explicit_following: explicitQuery('Makes no difference: a board is followed by itself alone.'),
      ...adAccountQuery,
    }),
    success: {
      status: 200,
      description: 'A page of boards.',
      schema: PageOf(Board, 'The boards, the newest follow first.'),
    },
    errors: { invalidRequest: invalidUserId },
  }),
  /** Follows an account. Does nothing if you already follow it. */
  follow: operation({
    id: 'follow_user/update',
    method: 'POST',
    path: '/user_account/following/{username}',
    tag: 'user_account',
    summary: 'Follow an account',
    description: 'Follows an account. Whoever follows it already goes on doing so; nobody follows themselves.',
    auth: { by: 'token', scopes: ['user_accounts:write'], clientCredentials: false },
    category: 'org_write',
    params: usernameParams,
    body: { type: 'json', schema: FollowUserRequest },
    success: { status: 200, description: 'The account that is followed.', schema: UserSummary },
    otherSuccesses: [{ status: 201, description: 'The same, as Pinterest may answer.', schema: UserSummary }],
    errors: { userNotFound: {} },
  }),
  /** The interests that somebody follows. */
  listFollowedInterests: operation({
    id: 'user_account/followed_interests',
    method: 'GET',
    path: '/users/{username}/interests/follow',
    tag: 'user_account',
    summary: 'List interests that somebody follows',
    description: 'The interests that an account follows, the newest follow first.',
    auth: readAuth,
    category: 'org_read',
    params: usernameParams,
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of interests.',
      schema: PageOf(Interest, 'The interests, the newest follow first.'),
    },
    errors: { userNotFound: {} },
  }),
} as const
