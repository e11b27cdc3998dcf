import type { OperationOutput, resources } from '@pinfold/contract'
import type { Control } from '../control/control.ts'
import { reviewOf } from '../control/review-app.ts'
import { ApiError } from '../core/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import { openLog } from './request-log.ts'
import type { Services } from './services.ts'

type Review = OperationOutput<typeof resources.control.reviewApp>

/** The review of an app of the server, for those who test. */
export function appReviewApi({
  apps,
  control,
}: Pick<Services, 'apps' | 'control'>): Pick<Handlers<typeof resources.control>, 'reviewApp'> {
  return {
    async reviewApp({ params }) {
      const app = await apps.find(params.app_id)
      if (!app) throw new ApiError('appNotFound')
      return reviewIn(control, app.id)
    },
  }
}

/** The review of an own app. */
export function ownAppReviewApi({
  ownApps,
  control,
}: Pick<Services, 'ownApps' | 'control'>): Pick<Handlers<typeof resources.developer>, 'reviewApp'> {
  return {
    async reviewApp({ caller, params }) {
      const { id } = await ownApps.find(caller.accountId, params.app_id)
      return reviewIn(control, id)
    },
  }
}

/** Returns what an app has shown by its calls in the log. Throws a 400 if there is no log. */
async function reviewIn({ calls: log }: Control, appId: number): Promise<Review> {
  const app = String(appId)
  const { items } = await openLog(log).list({ form: 'review', filters: { app } })
  const { points, calls, scopes } = reviewOf(items.reverse())
  return {
    points: points.map(({ calls: numbers, ...point }) => ({ ...point, requests: numbers.map(String) })),
    requests: calls,
    scopes,
  }
}
