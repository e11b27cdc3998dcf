import { AppReview } from '../models/app-review.ts'
import { operation } from '../operation.ts'
import { Id } from '../schema.ts'
import { Type } from '../type.ts'
import { onlyHere, sessionReads } from './session-only.ts'

const shared = { root: '/_pinfold', method: 'GET', category: 'org_read' } as const
const description =
  "What an app has shown so far of what Pinterest's review looks for, by its requests in the log: the consent page, its " +
  'scopes, errors, rate limits, and a token that was renewed. '
const params = (app: string) => Type.Object({ app_id: Id(app) })
const success = { status: 200, description: 'What it has shown.', schema: AppReview } as const

/** What the apps of a server have shown, for those who test. */
export const appReview = {
  /** What an app has shown of what Pinterest's review looks for. */
  reviewApp: operation({
    ...{ ...shared, description, success, params: params('The app.') },
    id: 'control/review_app',
    path: '/apps/{app_id}/review',
    tag: 'control',
    auth: { by: 'control' },
    summary: 'Review an app',
    errors: { appNotFound: {} },
  }),
} as const

/** What one's own apps have shown. */
export const ownAppReview = {
  /** What an own app has shown of what Pinterest's review looks for. */
  reviewApp: operation({
    ...{ ...shared, success, params: params('The app, an own one.') },
    ...sessionReads,
    description: `${description}${onlyHere}`,
    id: 'developer/review_app',
    path: '/developer/apps/{app_id}/review',
    summary: 'Review one of your apps',
    errors: { forbidden: {}, appNotFound: {} },
  }),
} as const
