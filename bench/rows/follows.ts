/** A page of the followers of an account that many follow, beside a bare node:http server with the same answer. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Effort } from '../compare.ts'
import type { Row } from '../report.ts'
import { read } from './reads.ts'
import type { Workbench } from './workbench.ts'

export async function followers(bench: Workbench): Promise<Row> {
  const many = bench.quick ? 1000 : 100_000
  const folder = join(bench.folder, 'many followers')
  await cp(join(bench.folder, 'data'), join(folder, 'data'), { recursive: true })
  fill(join(folder, 'data/pinfold.db'), many)
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 10_000, blocks: 3, rounds: 5, perRound: 4_000 }
  const path = '/v5/user_account/followers?page_size=25'
  const measured = await read({ ...bench, folder }, 'followers', effort, async () => path)
  return {
    name: `GET 25 of ${many} followers`,
    floorIs: 'bare node:http, same answer',
    unit: 'µs CPU',
    ...measured,
  }
}

/** Makes accounts that follow the demo's. */
function fill(path: string, count: number): void {
  const db = new DatabaseSync(path)
  const owner = "(SELECT id FROM accounts WHERE username = 'demo')"
  // Ids that are larger than those that are there.
  const first = '(SELECT max(id) FROM (SELECT id FROM accounts UNION ALL SELECT id FROM follows))'
  db.exec(`
    BEGIN;
    CREATE TEMP TABLE made AS WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ${count})
      SELECT n, ${first} + n AS id, 'follower_' || n AS name FROM numbers;
    INSERT INTO accounts (id, username, username_key, account_type, about, website_url,
      board_count, pin_count, follower_count, following_count, created_at)
      SELECT id, name, name, 'PINNER', '', '', 0, 0, 0, 1, 0 FROM made;
    INSERT INTO follows (id, follower_id, kind, target_id, account_id, created_at)
      SELECT id, id, 'user', ${owner}, ${owner}, 0 FROM made;
    UPDATE accounts SET follower_count = follower_count + ${count} WHERE username = 'demo';
    COMMIT;
    ANALYZE;`)
  db.close()
}
