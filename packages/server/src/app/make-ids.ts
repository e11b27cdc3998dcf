import { randomInt } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { IdMaker } from '../core/ids.ts'
import type { Database } from '../db/database.ts'
import { newestAccountId } from '../domains/accounts/accounts.ts'
import { newestBoardId, newestSectionId } from '../domains/boards/boards.ts'
import { newestFollowId } from '../domains/follows/follows.ts'
import { newestGrantId } from '../domains/oauth/tokens.ts'
import { newestPinId } from '../domains/pins/pins.ts'
import { newestVideoId } from '../domains/videos/videos.ts'

const newestIds = [
  newestAccountId,
  newestBoardId,
  newestFollowId,
  newestSectionId,
  newestGrantId,
  newestPinId,
  newestVideoId,
]

/**
 * Makes what gives ids over a database: none is smaller than those that are there, also after the clock went back.
 * `isOwner`: whether this is the one server of the data. Others have a number each by which their ids differ; two with
 * the same one retry.
 */
export async function makeIds(db: Database, clock: Clock, { isOwner }: { isOwner: boolean }): Promise<IdMaker> {
  const after = Math.max(...(await Promise.all(newestIds.map((newestId) => newestId(db)))))
  return new IdMaker(clock, { node: isOwner ? 0 : randomInt(1, 32), after })
}
