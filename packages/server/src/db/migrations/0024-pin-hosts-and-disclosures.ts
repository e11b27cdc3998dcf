import { type Kysely, sql } from 'kysely'

interface Pins {
  pins: { id: number; link: string | null; link_host: string | null }
}

const batchSize = 400

/** What API 5.28.0 added to Pins: where their links lead, what they say of AI, and a place for the stream of a video. */
export async function up(db: Kysely<Pins>): Promise<void> {
  await db.schema.alterTable('pins').addColumn('link_host', 'text').execute()
  await db.schema.alterTable('pins').addColumn('ai_disclosures', 'text').execute()
  for (let after = 0; ; ) {
    const query = db.selectFrom('pins').select(['id', 'link']).where('id', '>', after).where('link', 'is not', null)
    const pins = await query.orderBy('id').limit(batchSize).execute()
    const last = pins.at(-1)
    if (!last) break
    await setHosts(db, pins)
    after = last.id
  }
  await db.schema
    .createIndex('pins_by_host')
    .on('pins')
    .columns(['owner_id', 'link_host', 'privacy', 'is_repin', 'id', 'creative_type'])
    .where('link_host', 'is not', null)
    .execute()
  // Quotes within words are escaped: this is the name of the field and nothing else.
  await sql`update pins set rendered = replace(rendered, '"video_url":', '"video_url_hls":null,"video_url":')
    where video_id is not null`.execute(db)
}

async function setHosts(db: Kysely<Pins>, pins: readonly { id: number; link: string | null }[]): Promise<void> {
  const rows = pins.map(({ id, link }) => sql`(cast(${id} as bigint), cast(${hostOf(link)} as text))`)
  await sql`with given(id, host) as (values ${sql.join(rows)})
    update pins set link_host = given.host from given where pins.id = given.id`.execute(db)
}

/** As `core/host-of.ts` was when this was written. */
function hostOf(link: string | null): string | null {
  return (link && URL.parse(link)?.hostname.replace(/^www\./, '')) || null
}
