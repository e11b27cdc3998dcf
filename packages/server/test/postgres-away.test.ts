import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import pg from 'pg'
import { expect, test } from 'vitest'

test.skipIf(!isPostgresThere)(
  'while PostgreSQL ends all connections, each request is done or refused with 503',
  async () => {
    const { databaseUrl = '', discard } = await postgres.open()
    const server = await ownServer({ databaseUrl })
    const killer = new pg.Client({ connectionString: databaseUrl })
    await killer.connect()
    const statuses: number[] = []
    let isOver = false
    const work = async (worker: number) => {
      for (let i = 0; !isOver; i++) statuses.push((await server.post('/boards', { name: `${worker} ${i}` })).status)
    }
    const workers = [0, 1, 2, 3].map(work)
    // Often enough that some break within a transaction, between two queries.
    for (let times = 0; times < 60; times++)
      await killer.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
    isOver = true
    await Promise.all(workers)
    expect([...new Set(statuses)].filter((status) => ![201, 503].includes(status))).toEqual([])
    expect(await server.post('/boards', { name: 'After all' })).toMatchObject({ status: 201 })
    const made = statuses.filter((status) => status === 201).length
    const { rows } = await killer.query('SELECT count(*) AS count FROM boards')
    // One whose connection broke while it was committed may be there as well.
    expect(Number(rows[0].count)).toBeGreaterThan(made)
    await killer.end()
    await server.close()
    await discard()
  },
)
