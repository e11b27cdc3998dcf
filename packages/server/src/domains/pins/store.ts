import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import { sql, type Transaction } from 'kysely'
import { readUntil } from '../../core/page.ts'
import type { Soon } from '../../core/soon.ts'
import type { Database } from '../../db/database.ts'
import { prepare, prepareBatch, within } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'
import type { CountedPin, CountedPins } from '../analytics/counted-pins.ts'
import type { UnlookedPins } from '../looks/backfill.ts'
import type { PinGraph } from '../related/pin-graph.ts'
import type { SearchablePins } from '../search/searchable-pins.ts'
import { type ListedPin, type ListItem, type ReadPin, readColumns } from './store/read-row.ts'
import { type PinRowCache, pinRowCache } from './store/row-cache.ts'

export type { ListedPin, ListItem, ReadPin } from './store/read-row.ts'

export type PinRow = Schema['pins']
/** The fields of a deleted Pin that its cleanup needs. */
export type DeletedPin = CountedPin & Pick<PinRow, 'board_id' | 'picture_key' | 'video_id' | 'carousel' | 'look'>
export type Tx = Transaction<Schema>

/** The newest items of a list: at most `count`, with ids below `before`. */
export interface Newest {
  before: number
  count: number
}

/** A range of the index of an account's Pins. */
export interface OwnerRange {
  ownerId: number
  privacy: BoardPrivacy
  /** 1: saved from other Pins; 0: made. */
  isRepin: number
  /** Only those that link to this host. */
  host?: string
}

type HostRange = OwnerRange & { host: string }

/** What finding related Pins reads. */
type GraphReads = Pick<PinGraph, 'places' | 'publicSaves' | 'newestOnBoard' | 'compared'>

interface OfType {
  type: CreativeType
}

/** The SQL of Pins. Lists are newest first. */
export interface PinStore extends PinStoreReads, PinStoreWrites {}

/** Reads of committed data. */
interface PinStoreReads extends CountedPins, SearchablePins, GraphReads, Pick<UnlookedPins, 'withoutLook'> {
  /** Returns those of the Pins that exist, newest first. */
  byIds(ids: readonly number[]): Promise<(ReadPin & Pick<PinRow, 'board_id'>)[]>
  /** Returns the fields of a Pin for reading it. */
  read(id: number): Soon<ReadPin | undefined>
  /** Returns what lists need of their items, in their order; what was deleted meanwhile is left out. */
  listed(items: readonly ListItem[]): Soon<ListedPin[]>
  /** Returns a whole Pin. */
  byId(id: number): Promise<PinRow | undefined>
  /** Returns Pins on a board. */
  ofBoard(range: { boardId: number } & Newest): Soon<ListItem[]>
  /** Returns Pins of one type on a board. */
  ofBoardByType(range: { boardId: number } & OfType & Newest): Soon<ListItem[]>
  /** Returns Pins in a section. */
  ofSection(range: { sectionId: number } & Newest): Soon<ListItem[]>
  /** Returns Pins of an account. */
  ofOwner(range: OwnerRange & Newest): Soon<ListItem[]>
  /** Returns Pins of an account of one type. */
  ofOwnerByType(range: OwnerRange & OfType & Newest): Soon<ListItem[]>
}

/** Reads and writes within transactions. */
interface PinStoreWrites extends Pick<UnlookedPins, 'setLook'> {
  /** Locks a Pin until `tx` ends, and returns it. */
  lock(tx: Tx, id: number): Promise<PinRow | undefined>
  /** Writes a new Pin. */
  insert(tx: Tx, row: PinRow): Promise<void>
  /** Changes a Pin. */
  update(tx: Tx, id: number, change: Partial<PinRow>): Promise<void>
  /** Deletes Pins. Returns those that existed. */
  delete(tx: Tx, ids: readonly number[]): Promise<DeletedPin[]>
  /** Sets the privacy of every Pin on a board. */
  setPrivacy(tx: Tx, boardId: number, privacy: BoardPrivacy): Promise<void>
  /** Returns Pins on a board with ids above `after`, in the order of their ids, at most `count`. */
  countedOnBoard(tx: Tx, boardId: number, after: number, count: number): Promise<CountedPin[]>
  /** Returns the keys of the newest pictures on a board, at most `count`. */
  newestPictures(tx: Tx, boardId: number, count: number): Promise<string[]>
  /** Returns the key of the picture of a Pin, if it is on a board. */
  pictureOn(tx: Tx, boardId: number, id: number): Promise<string | undefined>
  /** Moves every Pin of a board to another, and those in no section into `sectionId`. */
  moveAll(tx: Tx, from: number, to: number, sectionId: number | null): Promise<void>
  /** Moves every Pin of a section into another of its board. */
  moveSection(tx: Tx, from: number, to: number): Promise<void>
  /** Returns whether a board has Pins that are in no section. */
  hasLoose(tx: Tx, boardId: number): Promise<boolean>
  /** Returns whether a section has Pins of others than an account. */
  hasOthers(tx: Tx, sectionId: number, accountId: number): Promise<boolean>
  /** Returns the ids of Pins of a board or section, at most `count`. */
  someOf(tx: Tx, column: 'board_id' | 'section_id', id: number, count: number): Promise<number[]>
}

/** Makes the store over `db`. `cacheBytes`: what it may keep of Pins that were read, if anything. */
export function pinStore(db: Database, cacheBytes = 0): PinStore {
  return { ...pinReads(db, pinRowCache(db, cacheBytes)), ...graphReads(db), ...pinWrites }
}

function pinReads(db: Database, cache: PinRowCache | undefined): Omit<PinStoreReads, keyof GraphReads> {
  const pins = db.read.selectFrom('pins')
  // Of those that are cached by id, the index knows the ids.
  const listedColumns = cache ? (['id'] as const) : readColumns
  const listed = ({ before, count }: Newest) =>
    pins.select(listedColumns).where('id', '<', before).orderBy('id', 'desc').limit(count)
  const owned = ({ ownerId, privacy, isRepin, before, count }: OwnerRange & Newest) =>
    listed({ before, count })
      .where('owner_id', '=', ownerId)
      .where('privacy', '=', privacy)
      .where('is_repin', '=', isRepin)

  const read = prepare(db, ({ id }: { id: number }) => pins.select(readColumns).where('id', '=', id))
  const byId = prepare(db, ({ id }: { id: number }) => pins.selectAll().where('id', '=', id))
  const ofBoard = prepare(db, ({ boardId, before, count }: { boardId: number } & Newest) =>
    listed({ before, count }).where('board_id', '=', boardId),
  )
  const ofBoardByType = prepare(db, ({ boardId, type, before, count }: { boardId: number } & OfType & Newest) =>
    listed({ before, count }).where('board_id', '=', boardId).where('creative_type', '=', type),
  )
  const ofSection = prepare(db, ({ sectionId, before, count }: { sectionId: number } & Newest) =>
    listed({ before, count }).where('section_id', '=', sectionId),
  )
  const ofOwner = prepare(db, owned)
  const ofOwnerByType = prepare(db, (range: OwnerRange & OfType & Newest) =>
    owned(range).where('creative_type', '=', range.type),
  )
  const ofHost = prepare(db, (range: HostRange & Newest) => owned(range).where('link_host', '=', range.host))
  const ofHostByType = prepare(db, (range: HostRange & OfType & Newest) =>
    owned(range)
      .where('link_host', '=', range.host)
      // As an expression, so that the index over types is not taken for the one over hosts.
      .where(sql`creative_type || ''`, '=', range.type),
  )
  const byIds = prepareBatch((rows: readonly { id: number }[]) =>
    pins.select([...readColumns, 'board_id']).where(
      'id',
      'in',
      rows.map(({ id }) => id),
    ),
  )
  const publicAmong = publicBatch(db)
  const findable = findableBatch(db)
  const looked = lookedBatch(db)
  const newest = prepare(db, ({ before, count }: Newest) =>
    pins
      .select([...searchedColumns, 'created_at', 'privacy'])
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )
  const [counted, countedInPublic] = [countedBatch(db, 'all'), countedBatch(db, 'public')]
  const withoutSecret = publicIds(db)
  const parents = parentsBatch(db)
  const inOrder = (ids: readonly number[]) => ids.toSorted((a, b) => a - b).map((id) => ({ id }))
  return {
    read: cache ? cache.read : (id) => read.firstSoon({ id }),
    listed: cache ? cache.listed : (items) => items.filter(isWhole),
    byId: (id) => byId.first({ id }),
    ofBoard: ofBoard.allSoon,
    ofBoardByType: ofBoardByType.allSoon,
    ofSection: ofSection.allSoon,
    ofOwner: ({ host, ...range }) => (host === undefined ? ofOwner.allSoon(range) : ofHost.allSoon({ ...range, host })),
    ofOwnerByType: ({ host, ...range }) =>
      host === undefined ? ofOwnerByType.allSoon(range) : ofHostByType.allSoon({ ...range, host }),
    async byIds(ids) {
      const rows = await byIds(
        db.run,
        ids.map((id) => ({ id })),
      )
      return rows.sort((a, b) => b.id - a.id)
    },
    searchable: (tx, before, count) =>
      tx
        .selectFrom('pins')
        .select(searchedColumns)
        .where('id', '<', before)
        .orderBy('id', 'desc')
        .limit(count)
        .execute(),
    publicAmong: async (ids) => (await publicAmong(db.run, inOrder(ids))).sort((a, b) => b.id - a.id),
    findable: async (ids) => (await findable(db.run, inOrder(ids))).sort((a, b) => b.id - a.id),
    looked: async (ids) => (await looked(db.run, inOrder(ids))).sort((a, b) => b.id - a.id),
    withoutLook: (before, count) =>
      pins
        .select(['id', 'picture_key'])
        .where('look', 'is', null)
        .where('id', '<', before)
        .orderBy('id', 'desc')
        .limit(count)
        .execute(),
    newestPublic: (count) =>
      readUntil(count, async (before) => {
        const rows = await newest.all({ before, count })
        const next = rows.length < count ? null : (rows.at(-1)?.id ?? null)
        return { items: rows.filter(({ privacy }) => privacy === 'PUBLIC'), next }
      }),
    counted: (tx, ids) => counted(within(tx), inOrder(ids)),
    countedInPublic: (tx, ids) => countedInPublic(within(tx), inOrder(ids)),
    parentsOf: async (ids) =>
      new Map((await parents(db.run, inOrder(ids))).map(({ id, parent_pin_id: parent }) => [id, parent])),
    withoutSecret: async (ids) => (await withoutSecret(db.run, inOrder(ids))).map(({ id }) => id),
  }
}

const isWhole = (item: ListItem): item is ListedPin => item.rendered !== undefined

/** At most this many Pins of a board, and saves of a Pin, are read to find related Pins. */
const [maxOnBoard, maxSaves] = [200, 8]

function graphReads(db: Database): GraphReads {
  type ById = readonly { id: number }[]
  const pins = db.read.selectFrom('pins')
  const placed = pins.select(['id', 'board_id', 'parent_pin_id', 'privacy'])
  const ids = (rows: ById) => rows.map(({ id }) => id)
  const byId = (given: readonly number[]): ById => given.map((id) => ({ id }))
  const places = prepareBatch((rows: ById) => placed.where('id', 'in', ids(rows)))
  const compared = prepareBatch((rows: ById) =>
    pins
      .select(['id', 'owner_id', 'board_id', 'privacy', 'title', 'dominant_color', 'picture_key'])
      .where('id', 'in', ids(rows)),
  )
  const savesOf = (id: number) =>
    db.read
      .selectFrom(
        placed
          .where('parent_pin_id', '=', id)
          .where('privacy', '=', 'PUBLIC')
          .orderBy('id', 'desc')
          .limit(sql.lit(maxSaves))
          .as('saves'),
      )
      .selectAll()
  const publicSaves = prepareBatch((rows: ById) =>
    ids(rows)
      .map(savesOf)
      .reduce((all, each) => all.unionAll(each)),
  )
  const onBoard = prepare(db, ({ boardId }: { boardId: number }) =>
    pins.select('id').where('board_id', '=', boardId).orderBy('id', 'desc').limit(sql.lit(maxOnBoard)),
  )
  return {
    places: (given) => places(db.run, byId(given)),
    publicSaves: (given) => publicSaves(db.run, byId(given)),
    newestOnBoard: async (boardId) => ids(await onBoard.all({ boardId })),
    compared: (given) => compared(db.run, byId(given)),
  }
}

function countedBatch(db: Database, which: 'all' | 'public') {
  return prepareBatch((rows: readonly { id: number }[]) => {
    const all = db.read
      .selectFrom('pins')
      .select(countedColumns)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('id')
    const query = which === 'all' ? all : all.where('privacy', '<>', 'SECRET')
    // Changes and removals of the Pin wait until it is counted; on SQLite there is one writer at a time anyway.
    return db.dialect === 'postgres' ? query.forShare() : query
  })
}

const parentsBatch = (db: Database) =>
  prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('pins')
      .select(['id', 'parent_pin_id'])
      .$narrowType<{ parent_pin_id: number }>()
      .where('parent_pin_id', 'is not', null)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  )

const searchedColumns = ['id', 'owner_id', 'board_id', 'title', 'description', 'alt_text', 'link'] as const

const publicBatch = (db: Database) =>
  prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('pins')
      .select(searchedColumns)
      .where('privacy', '=', 'PUBLIC')
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  )

const findableBatch = (db: Database) =>
  prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('pins')
      .select(['id', 'owner_id', 'board_id', 'privacy', 'creative_type', 'link_host', 'created_at'])
      .select(sql<number>`case when link is null then 0 else 1 end`.as('has_link'))
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  )

export const countedColumns = ['id', 'owner_id', 'privacy', 'creative_type', 'is_claimed'] as const

const lookedBatch = (db: Database) =>
  prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('pins')
      .select(['id', 'owner_id', 'board_id', 'privacy', 'picture_key', 'look'])
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  )

const publicIds = (db: Database) =>
  prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('pins')
      .select('id')
      .where('privacy', '<>', 'SECRET')
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      ),
  )

/**
 * Replaces an id in the text that is kept of a Pin: see `kept-text.ts`. Nothing else in it is the same, since quotes within
 * texts are escaped.
 */
function withId(name: 'board_id' | 'board_section_id', from: number | null, to: number) {
  const member = (id: number | null) => `"${name}":${id === null ? 'null' : `"${id}"`}`
  return sql<string>`replace(rendered, ${member(from)}, ${member(to)})`
}

const pinWrites: PinStoreWrites = {
  lock: (tx, id) =>
    tx
      .updateTable('pins')
      .set((e) => ({ is_standard: e.ref('is_standard') }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst(),

  async insert(tx, row) {
    await tx.insertInto('pins').values(row).execute()
  },

  async update(tx, id, change) {
    await tx.updateTable('pins').set(change).where('id', '=', id).execute()
  },

  setLook: (tx, id, look) =>
    tx
      .updateTable('pins')
      .set({ look })
      .where('id', '=', id)
      .where('look', 'is', null)
      .returning(['id', 'owner_id', 'look'])
      .executeTakeFirst(),

  delete: (tx, ids) =>
    tx
      .deleteFrom('pins')
      .where('id', 'in', ids)
      .returning(['id', 'owner_id', 'board_id', 'picture_key', 'video_id', 'carousel', 'look'])
      .returning(['privacy', 'creative_type', 'is_claimed'])
      .execute(),

  async setPrivacy(tx, boardId, privacy) {
    await tx.updateTable('pins').set({ privacy }).where('board_id', '=', boardId).execute()
  },

  countedOnBoard: (tx, boardId, after, count) =>
    tx
      .selectFrom('pins')
      .select(countedColumns)
      .where('board_id', '=', boardId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(count)
      .execute(),

  async newestPictures(tx, boardId, count) {
    const query = tx.selectFrom('pins').select('picture_key').where('board_id', '=', boardId)
    const rows = await query.orderBy('id', 'desc').limit(count).execute()
    return rows.map((row) => row.picture_key)
  },

  async pictureOn(tx, boardId, id) {
    const query = tx.selectFrom('pins').select('picture_key').where('id', '=', id).where('board_id', '=', boardId)
    return (await query.executeTakeFirst())?.picture_key
  },

  async moveAll(tx, from, to, sectionId) {
    if (sectionId !== null)
      await tx
        .updateTable('pins')
        .set({ section_id: sectionId, rendered: withId('board_section_id', null, sectionId) })
        .where('board_id', '=', from)
        .where('section_id', 'is', null)
        .execute()
    await tx
      .updateTable('pins')
      .set({ board_id: to, rendered: withId('board_id', from, to) })
      .where('board_id', '=', from)
      .execute()
  },

  async moveSection(tx, from, to) {
    await tx
      .updateTable('pins')
      .set({ section_id: to, rendered: withId('board_section_id', from, to) })
      .where('section_id', '=', from)
      .execute()
  },

  async hasLoose(tx, boardId) {
    const query = tx.selectFrom('pins').select('id').where('board_id', '=', boardId).where('section_id', 'is', null)
    return (await query.limit(1).executeTakeFirst()) !== undefined
  },

  async hasOthers(tx, sectionId, accountId) {
    const query = tx.selectFrom('pins').select('id').where('section_id', '=', sectionId)
    return (await query.where('owner_id', '<>', accountId).limit(1).executeTakeFirst()) !== undefined
  },

  async someOf(tx, column, id, count) {
    const query = tx.selectFrom('pins').select('id').where(column, '=', id).orderBy('id', 'desc')
    return (await query.limit(count).execute()).map((row) => row.id)
  },
}

/** Returns the newest id of a Pin, or 0 when there is none. */
export async function newestPinId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('pins')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
