import type { Clock } from '../core/clock.ts'
import { IdMaker, type NodeNumber } from '../core/ids.ts'
import type { Database } from '../db/database.ts'
import { newestAccountId } from '../domains/accounts/accounts.ts'
import { newestAdAccountId } from '../domains/ad-accounts/ad-accounts.ts'
import { newestEntityId } from '../domains/ads/entities.ts'
import { newestBoardId, newestSectionId } from '../domains/boards/boards.ts'
import { newestFollowId } from '../domains/follows/follows.ts'
import { newestNotificationId } from '../domains/notifications/notifications.ts'
import { newestGrantId } from '../domains/oauth/tokens.ts'
import { newestPinId } from '../domains/pins/pins.ts'
import { newestVideoId } from '../domains/videos/videos.ts'
import { newestDeliveryId, newestWebhookId } from '../domains/webhooks/webhooks.ts'
import { newestWebsiteId } from '../domains/websites/websites.ts'

const newestIds = [
  newestAccountId,
  newestAdAccountId,
  newestEntityId,
  newestBoardId,
  newestFollowId,
  newestSectionId,
  newestGrantId,
  newestNotificationId,
  newestPinId,
  newestVideoId,
  newestDeliveryId,
  newestWebhookId,
  newestWebsiteId,
]

/**
 * Makes the id maker of a database: no id is smaller than existing ones, even after the clock went back. `node`: the
 * number of this server among those that share the database.
 */
export async function makeIds(
  db: Database,
  clock: Clock,
  { node = 0 }: { node?: number | NodeNumber | undefined },
): Promise<IdMaker> {
  const after = Math.max(...(await Promise.all(newestIds.map((newestId) => newestId(db)))))
  return new IdMaker(clock, { node, after })
}
