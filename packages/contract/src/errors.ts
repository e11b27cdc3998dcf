/** What a client can do about an error; the guide's five codes name just these. */
export type ErrorKind = 'invalid' | 'authentication' | 'permission' | 'notFound' | 'conflict' | 'rateLimit' | 'server'

export interface ErrorEntry {
  status: number
  /** Pinterest's number for it, in the answer's body. */
  code: number
  /** What the answer says; a detail may follow it. */
  message: string
  kind: ErrorKind
}

/** Every error there is. An operation may answer one with a code and message of its own: see `Operation.errors`. */
export const errorCatalogue = {
  invalidRequest: { status: 400, code: 1, message: 'Invalid request.', kind: 'invalid' },
  daysNotKept: {
    status: 400,
    code: 1,
    message: 'You can only get data from the last 90 days.',
    kind: 'invalid',
  },
  adAccountAnalyticsInvalid: {
    status: 400,
    code: 400,
    message: 'Invalid ad account analytics parameters.',
    kind: 'invalid',
  },
  campaignsAnalyticsInvalid: {
    status: 400,
    code: 400,
    message: 'Invalid ad account campaign analytics parameters.',
    kind: 'invalid',
  },
  adGroupsAnalyticsInvalid: {
    status: 400,
    code: 400,
    message: 'Invalid ad account group analytics parameters.',
    kind: 'invalid',
  },
  adsAnalyticsInvalid: {
    status: 400,
    code: 400,
    message: 'Invalid ad account ads analytics parameters.',
    kind: 'invalid',
  },
  adPinsAnalyticsInvalid: {
    status: 400,
    code: 400,
    message: 'Invalid ad account pins analytics parameters.',
    kind: 'invalid',
  },
  invalidBookmark: {
    status: 400,
    code: 1,
    message:
      'Invalid bookmark: it does not belong to this list. Use the bookmark of the page before, with the same query.',
    kind: 'invalid',
  },
  productTagsInvalid: {
    status: 400,
    code: 1,
    message: 'Some of these Pins cannot be tagged.',
    kind: 'invalid',
  },
  imageUnreachable: { status: 400, code: 1, message: 'Unable to reach the URL.', kind: 'invalid' },
  websiteNotVerified: { status: 400, code: 1, message: 'The website could not be verified.', kind: 'invalid' },
  webhookAddressRefused: { status: 400, code: 1, message: 'The address cannot be used.', kind: 'invalid' },
  videoInvalid: { status: 400, code: 1, message: 'The video cannot be used.', kind: 'invalid' },
  imageInvalid: { status: 400, code: 1, message: 'The picture cannot be used.', kind: 'invalid' },
  authenticationFailed: { status: 401, code: 2, message: 'Authentication failed.', kind: 'authentication' },
  invalidGrant: {
    status: 401,
    code: 283,
    message: 'The authorization grant is invalid',
    kind: 'authentication',
  },
  insufficientScope: {
    status: 401,
    code: 3,
    message:
      'Your token does not have sufficient permissions to perform this operation. ' +
      'Please ensure your token is authorized with the correct set of scopes.',
    kind: 'permission',
  },
  forbidden: {
    status: 403,
    code: 29,
    message: 'You are not permitted to access that resource.',
    kind: 'permission',
  },
  pinsNotYours: { status: 401, code: 7, message: 'Not authorized to access board or Pin.', kind: 'permission' },
  trialAccess: {
    status: 403,
    code: 29,
    message:
      'Apps with Trial access may not create Pins in production https://api.pinterest.com - ' +
      'use API Sandbox https://api-sandbox.pinterest.com instead.',
    kind: 'permission',
  },
  restrictedFeature: {
    status: 401,
    code: 3,
    message: 'Your application does not have access to this restricted feature:',
    kind: 'permission',
  },
  misdirectedHost: {
    status: 421,
    code: 29,
    message: 'This server does not answer to that host name.',
    kind: 'permission',
  },
  routeNotFound: { status: 404, code: 404, message: 'There is no such operation.', kind: 'notFound' },
  sandboxNotFound: { status: 404, code: 404, message: 'There is no such sandbox.', kind: 'notFound' },
  tokenNotFound: { status: 404, code: 404, message: 'There is no such token.', kind: 'notFound' },
  snapshotNotFound: { status: 404, code: 404, message: 'There is no such snapshot.', kind: 'notFound' },
  userNotFound: { status: 404, code: 30, message: 'User not found.', kind: 'notFound' },
  boardNotFound: { status: 404, code: 40, message: 'Board not found.', kind: 'notFound' },
  pinNotFound: { status: 404, code: 50, message: 'Pin not found.', kind: 'notFound' },
  webhookNotFound: { status: 404, code: 404, message: 'There is no such webhook.', kind: 'notFound' },
  deliveryNotFound: { status: 404, code: 404, message: 'There is no such delivery.', kind: 'notFound' },
  interestNotFound: { status: 404, code: 404, message: 'There is no such interest.', kind: 'notFound' },
  adEntityNotFound: { status: 404, code: 404, message: 'There is no such thing in this ad account.', kind: 'notFound' },
  websiteNotFound: { status: 404, code: 404, message: 'Website not in user list.', kind: 'notFound' },
  appNotFound: { status: 404, code: 404, message: 'App not found.', kind: 'notFound' },
  mediaNotFound: { status: 404, code: 404, message: 'Media not found.', kind: 'notFound' },
  requestNotFound: { status: 404, code: 404, message: 'This request is not in the log.', kind: 'notFound' },
  sectionNotFound: {
    status: 404,
    code: 2031,
    message: "Sorry! We couldn't find this board section.",
    kind: 'notFound',
  },
  boardNameTaken: {
    status: 409,
    code: 58,
    message: 'Try a different name. You already have a board with this name!',
    kind: 'conflict',
  },
  boardRenameTaken: {
    status: 409,
    code: 58,
    message: 'Could not edit board. You already have a board with this name!',
    kind: 'conflict',
  },
  sectionNameTaken: { status: 409, code: 409, message: 'Board section conflict.', kind: 'conflict' },
  idempotencyKeyReused: {
    status: 409,
    code: 409,
    message: 'This Idempotency-Key was used with another request. Use a new key.',
    kind: 'conflict',
  },
  requestTimeout: { status: 408, code: 1, message: 'The request did not come in time.', kind: 'invalid' },
  bodyTooLarge: { status: 413, code: 1, message: 'The request body is too large.', kind: 'invalid' },
  unsupportedMediaType: { status: 415, code: 1, message: 'The Content-Type is not supported.', kind: 'invalid' },
  rangeNotSatisfiable: { status: 416, code: 1, message: 'There is no such part.', kind: 'invalid' },
  expectationFailed: { status: 417, code: 1, message: 'The expectation cannot be met.', kind: 'invalid' },
  headersTooLarge: { status: 431, code: 1, message: 'The address and the headers are too long.', kind: 'invalid' },
  rateLimited: { status: 429, code: 8, message: 'This request exceeded a rate limit.', kind: 'rateLimit' },
  internal: { status: 500, code: 500, message: 'Something went wrong on the server.', kind: 'server' },
  unavailable: { status: 503, code: 503, message: 'The server cannot take this request now.', kind: 'server' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorName = keyof typeof errorCatalogue

/** The guide's codes, which `PINFOLD_ERROR_CODES=guide` shows instead of Pinterest's. */
export const guideErrorCodes: Record<ErrorKind, number> = {
  invalid: 1,
  conflict: 1,
  server: 1,
  rateLimit: 2,
  notFound: 3,
  permission: 4,
  authentication: 8,
}
