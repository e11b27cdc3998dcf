import { startServer } from '@pinfold/server'
import { type OwnNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { type OwnPostgres, startPostgres } from '@pinfold/test-support/own-postgres'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { installedPostgres } from '@pinfold/test-support/postgres-programs'
import { describe, expect, onTestFinished, test } from 'vitest'

async function ownPostgres(follows?: number): Promise<OwnPostgres> {
  const server = await startPostgres({}, { ...(follows !== undefined && { follows }) })
  onTestFinished(() => server.discard())
  return server
}

const nodesOn = (databaseUrl: string) =>
  ownNodes({ name: 'PostgreSQL', open: async () => ({ databaseUrl, discard: async () => {} }) })

/** A Pin that is looked at, and what is reported of that. */
async function newPin({ ask }: OwnNode) {
  const board = (await ask('POST', '/boards', { name: 'Seen' })).body.id
  const { id } = (await ask('POST', '/pins', { board_id: board, media_source: await base64Source(7) })).body
  const counts = { seen: 0 }
  return {
    id: id as string,
    counts,
    async see(at: OwnNode) {
      const viewer = `viewer ${++counts.seen}`
      const event = { id: viewer, type: 'impression', pin_id: id, at: new Date().toISOString(), viewer }
      const { status, body } = await at.ask('POST', '/_pinfold/events', { events: [event] }, null)
      expect(status, JSON.stringify(body)).toBe(200)
    },
    async reported(by: OwnNode): Promise<number> {
      const [first, last] = [-2, 0].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
      const query = `start_date=${first}&end_date=${last}&metric_types=IMPRESSION`
      const { status, body } = await by.ask('GET', `/pins/${id}/analytics?${query}`)
      expect(status, JSON.stringify(body)).toBe(200)
      return body.all.summary_metrics.IMPRESSION
    },
  }
}

// What npm installs of PostgreSQL makes no replicas.
describe.skipIf(installedPostgres === undefined)('numbers of analytics', () => {
  test('are read from a replica while it is not late, and else from the database, as all else is', async () => {
    const leader = await ownPostgres()
    const follower = await ownPostgres(leader.port)
    const nodes = await nodesOn(await leader.create('pinfold'))
    const node = await nodes.start({ replicaUrl: `postgres://pinfold@127.0.0.1:${follower.port}/pinfold` })
    const pin = await newPin(node)

    // What the replica has heard of and does not show yet is not reported, so it is read from.
    const isReadFrom = async () => {
      await follower.run('SELECT pg_wal_replay_pause()')
      await pin.see(node)
      if ((await pin.reported(node)) === pin.counts.seen - 1) return true
      await follower.run('SELECT pg_wal_replay_resume()')
      return until(async () => (await pin.reported(node)) === pin.counts.seen).then(() => false)
    }
    await until(isReadFrom)
    // A Pin is as it was left, nevertheless.
    expect((await node.ask('PATCH', `/pins/${pin.id}`, { title: 'Changed' })).status).toBe(200)
    expect((await node.ask('GET', `/pins/${pin.id}`)).body.title).toBe('Changed')
    // After ten seconds it is too late, and the database itself is asked.
    await until(async () => (await pin.reported(node)) === pin.counts.seen)

    await follower.run('SELECT pg_wal_replay_resume()')
    await until(isReadFrom)
    await follower.stop('immediate')
    expect(await pin.reported(node)).toBe(pin.counts.seen)
    await pin.see(node)
    expect(await pin.reported(node)).toBe(pin.counts.seen)
  })

  test('are not read from a copy that follows no more', async () => {
    const server = await ownPostgres()
    const nodes = await nodesOn(await server.create('pinfold'))
    const first = await nodes.start()
    const pin = await newPin(first)
    await pin.see(first)
    await first.close()
    await server.run('CREATE DATABASE copy TEMPLATE pinfold')
    const node = await nodes.start({ replicaUrl: `postgres://pinfold@127.0.0.1:${server.port}/copy` })
    for (let i = 0; i < 5; i++) {
      await pin.see(node)
      expect(await pin.reported(node)).toBe(pin.counts.seen)
    }
  })
})

test('a replica goes with the database that it is of', async () => {
  const replicaUrl = 'postgres://127.0.0.1/pinfold'
  await expect(startServer({ port: 0, replicaUrl })).rejects.toThrow('it goes with --database-url')
})
