import { join } from 'node:path'
import { TestClock } from '../src/core/clock.ts'
import { IdMaker } from '../src/core/ids.ts'
import { makeLog } from '../src/core/log.ts'
import type { Viewer } from '../src/core/viewer.ts'
import type { Database } from '../src/db/database.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { accountIds } from '../src/domains/accounts/account-ids.ts'
import { accountsOf } from '../src/domains/accounts/accounts.ts'
import { adAccountsOf } from '../src/domains/ad-accounts/ad-accounts.ts'
import { adNumbersOf } from '../src/domains/ads/numbers/ad-numbers.ts'
import { type Analytics, analyticsOf } from '../src/domains/analytics/analytics.ts'
import { type Boards, boardsOf } from '../src/domains/boards/boards.ts'
import { type Collaborators, collaboratorsOf } from '../src/domains/boards/collaborators.ts'
import { pinPlaces } from '../src/domains/boards/pin-places.ts'
import { boardFollowers } from '../src/domains/follows/board-followers.ts'
import { lookIndexOf } from '../src/domains/looks/look-index.ts'
import { pictureFetcher } from '../src/domains/media/fetch-picture.ts'
import { picturesOf } from '../src/domains/media/pictures.ts'
import { countedPins } from '../src/domains/pins/counted-pins.ts'
import { pinsOnBoards } from '../src/domains/pins/on-boards.ts'
import { type Pins, pinsOf } from '../src/domains/pins/pins.ts'
import { pinIndexOf } from '../src/domains/search/pin-index.ts'
import { videosOf } from '../src/domains/videos/videos.ts'
import { outboxOf } from '../src/domains/webhooks/outbox.ts'
import { folderStorage } from '../src/storage/folder.ts'

/** Boards and Pins without the server around them. */
export interface BareDomains {
  db: Database
  boards: Boards
  /** The Pins of the same database: each call makes others. */
  pins(options?: { cacheBytes: number }): Pins
  analytics: Analytics
  collaborators: Collaborators
  alice: Viewer
  bob: Viewer
}

/** Makes them over a new SQLite database in a folder, with two accounts. */
export async function openBareDomains(folder: string): Promise<BareDomains> {
  const db = openSqlite(join(folder, 'pinfold.db'), 'relaxed')
  await migrateToLatest(db)
  const clock = new TestClock()
  const ids = new IdMaker(clock)
  const outbox = outboxOf({ db, clock, ids, isShared: false })
  const accounts = accountsOf({ db, clock, ids, equip: async () => {} })
  const storage = folderStorage(join(folder, 'media'), { sync: false })
  const pictures = picturesOf({ db, clock, storage, key: Buffer.alloc(32) })
  const { log } = await makeLog(undefined)
  const videos = videosOf({
    ...{ db, clock, ids, storage, pictures, log, outbox, tools: undefined, sync: false, key: Buffer.alloc(32) },
    folder: join(folder, 'uploads'),
  })
  const places = pinPlaces({ db, clock })
  const analytics = analyticsOf({
    ...{ db, clock, accounts, outbox, key: Buffer.from('a secret'), keptDays: 730 },
    accountIds: accountIds(db),
    pins: countedPins(db),
    ads: adNumbersOf({ db, clock, adAccounts: adAccountsOf({ db, clock, ids, accounts }) }),
  })
  const index = pinIndexOf(db)
  const looks = lookIndexOf(db)
  const onBoards = pinsOnBoards({ db, accounts, analytics, places, pictures, videos, index, looks, outbox })
  const boards = boardsOf({ db, clock, ids, accounts, pins: onBoards, followers: boardFollowers(db), outbox })
  const fetcher = pictureFetcher({ allowLoopback: false })
  const given = { db, clock, ids, accounts, boards, places, fetcher, pictures, videos, analytics, index, looks, outbox }
  const viewer = async (username: string): Promise<Viewer> => {
    const { id } = await accounts.create({ username, password: null, accountType: 'PINNER' })
    return { accountId: id, username, secret: 'write' }
  }
  return {
    db,
    boards,
    analytics,
    pins: (options) => pinsOf({ ...given, ...options }),
    collaborators: collaboratorsOf({ db, clock, accounts }),
    alice: await viewer('alice'),
    bob: await viewer('bob'),
  }
}
