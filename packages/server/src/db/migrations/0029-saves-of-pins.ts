import type { Kysely } from 'kysely'

interface Pins {
  pins: { parent_pin_id: number | null }
}

/** Finds what was saved from a Pin: the newest of those that anybody may see. */
export async function up(db: Kysely<Pins>): Promise<void> {
  await db.schema
    .createIndex('pins_by_parent')
    .on('pins')
    .columns(['parent_pin_id', 'privacy', 'id', 'board_id'])
    .where('parent_pin_id', 'is not', null)
    .execute()
}
