import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { type OwnNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { ownRedis } from '@pinfold/test-support/own-redis'
import { until } from '@pinfold/test-support/pace'
import { redisProgram } from '@pinfold/test-support/redis-server'
import { describe, expect, onTestFinished, test } from 'vitest'

/** A PostgreSQL server has to be given: see `.ci/run`. */
const canRun = isPostgresThere && redisProgram !== undefined

const log = async (node: OwnNode, query = '') => (await node.ask('GET', `/_pinfold/requests${query}`)).body
const idsOf = (items: { id: string }[]) => items.map(({ id }) => Number(id))

/** Opens a stream of the log; `until` returns the paths of its calls once there are so many. */
async function streamOf(node: OwnNode, query: string) {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const answer = await fetch(`${node.url}/_pinfold/requests/stream?${query}`, { signal: abort.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async (count: number): Promise<string[]> => {
    for (;;) {
      const calls = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string).path)
      if (calls.length >= count) return calls
      const part = await reader?.read()
      if (!part || part.done) return calls
      text += part.value
    }
  }
}

describe.skipIf(!canRun)('the request log of two servers on PostgreSQL', () => {
  const database = postgres
  async function twoNodes() {
    const redis = await ownRedis()
    const nodes = await ownNodes(database, { redisUrl: `${redis.url}?timeout=20000` })
    const [one, two] = [await nodes.start(), await nodes.start()]
    return { redis, nodes, one, two }
  }

  test('is one, whichever is asked: listed, found, exported, sent again, reviewed and emptied', async () => {
    const { nodes, one, two } = await twoNodes()
    for (const [index, node] of [one, two, one, two, two].entries())
      await node.ask('GET', `/boards?page_size=${index + 1}`)
    const refused = await one.ask('POST', '/boards', { name: '' })
    const expected = ['/v5/boards', ...[5, 4, 3, 2, 1].map((size) => `/v5/boards?page_size=${size}`)]
    for (const node of [one, two]) {
      const { items, bookmark } = await log(node)
      expect([items.map(({ path }: { path: string }) => path), bookmark]).toEqual([expected, null])
      const paged = []
      for (let page = await log(node, '?page_size=2'); ; ) {
        paged.push(...page.items)
        if (!page.bookmark) break
        page = await log(node, `?page_size=2&bookmark=${encodeURIComponent(page.bookmark)}`)
      }
      expect(paged).toEqual(items)
      expect(idsOf(items)).toEqual(idsOf(items).toSorted((a, b) => b - a))
      const since = (await log(node, `?since=${items[2].id}`)).items
      expect(since).toEqual(items.slice(0, 2))
      expect((await log(node, '?status=4xx')).items).toEqual([items[0]])
      expect((await log(node, '?text=page_size=4')).items).toEqual([items[2]])

      // By its number, and by the id that its answer had.
      for (const { id, path, request_id } of items)
        for (const name of [id, request_id])
          expect((await node.ask('GET', `/_pinfold/requests/${name}`)).body).toMatchObject({ id, path })
      expect(
        (await node.ask('GET', `/_pinfold/requests/${refused.headers.get('x-pinterest-rid')}`)).body.why.kind,
      ).toBe('schema')
      expect((await node.ask('GET', `/_pinfold/requests/${items[1].id}.curl`)).body).toContain('page_size=5')
      expect((await node.ask('GET', '/_pinfold/requests/77')).status).toBe(404)
      const har = (await node.ask('GET', '/_pinfold/requests.har?operation=boards/list')).body
      expect(har.log.entries.map(({ _pinfold: { id } }: { _pinfold: { id: string } }) => id)).toEqual(
        items
          .slice(1)
          .map(({ id }: { id: string }) => id)
          .reverse(),
      )
      const review = (await node.ask('GET', '/_pinfold/apps/1001/review')).body
      expect(review.requests).toBe(6)
      expect(JSON.stringify(review)).toContain(items[0].id)
    }

    // With the token that it had, which the other server does not know. It goes to the one that had it.
    const oldest = (await log(two)).items.at(-1)
    const again = (await two.ask('POST', `/_pinfold/requests/${oldest.id}/replay`)).body
    expect(again).toMatchObject({ path: '/v5/boards?page_size=1', status: 200, replay_of: oldest.id })
    expect((await log(two)).items[0].id).toBe(again.id)
    const board = (
      await one.ask('POST', '/boards', { name: 'Nobody is told this secret', description: 'x'.repeat(70_000) })
    ).status
    expect(board).toBeGreaterThanOrEqual(400)
    const tooLong = (await log(two)).items[0]
    const cannot = await two.ask('POST', `/_pinfold/requests/${tooLong.id}/replay`)
    expect([cannot.status, cannot.body.message]).toEqual([400, expect.stringContaining('cannot be sent again')])

    expect((await two.ask('DELETE', '/_pinfold/requests')).status).toBe(204)
    expect([(await log(one)).items, (await log(two)).items]).toEqual([[], []])

    // Many, of which an answer has only some.
    const long = `&unknown=${'y'.repeat(6000)}`
    for (let count = 0; count < 60; count++) await one.ask('GET', `/boards?page_size=3${long}`)
    await two.ask('GET', '/boards?page_size=4')
    const all = (await log(two, '?page_size=100')).items
    expect(all.length + 1).toBeGreaterThan(20)
    const entries = (await two.ask('GET', '/_pinfold/requests.har')).body.log.entries
    expect([
      entries.length,
      new Set(entries.map((each: { _pinfold: { id: string } }) => each._pinfold.id)).size,
    ]).toEqual([61, 61])

    // A third that keeps none tells nobody, and is told nothing.
    const third = await nodes.start({ requestLog: false })
    await third.ask('GET', '/boards?page_size=9')
    expect((await third.ask('GET', '/_pinfold/requests')).status).toBe(400)
    expect((await log(one)).items[0].path).toBe('/v5/boards?page_size=4')
  })

  test('is told as it comes, to whoever waits or watches at either', async () => {
    const { redis, nodes, one, two } = await twoNodes()
    await one.ask('GET', '/boards?page_size=1')
    const waited = two.ask('GET', '/_pinfold/requests/wait?operation=boards/list&count=3&timeout_seconds=60')
    const watched = await streamOf(two, 'status=2xx')
    const withPast = await streamOf(two, 'since=0&operation=boards/list')
    expect(await withPast(1)).toEqual(['/v5/boards?page_size=1'])
    await two.ask('GET', '/boards?page_size=2')
    await one.ask('GET', '/boards?page_size=3')
    await one.ask('GET', '/boards?page_size=0')
    await one.ask('GET', '/boards?page_size=4')
    const sizes = (paths: string[]) => paths.map((path) => path.at(-1)).sort()
    const { items, is_complete: isComplete } = (await waited).body
    expect([isComplete, items.map(({ path }: { path: string }) => path.at(-1))]).toEqual([true, ['1', '2', '3']])
    expect(sizes(await withPast(5))).toEqual(['0', '1', '2', '3', '4'])
    expect(sizes(await watched(3))).toEqual(['2', '3', '4'])
    const none = (await two.ask('GET', '/_pinfold/requests/wait?operation=pins/get&timeout_seconds=0')).body
    expect(none).toEqual({ items: [], is_complete: false })

    // One that names another control token is told nothing, and tells nothing.
    const guarded = await nodes.start({ controlToken: 'another-control-token' })
    await guarded.ask('GET', '/boards?page_size=8')
    const own = (await guarded.ask('GET', '/_pinfold/requests', undefined, 'another-control-token')).body.items
    expect(own.map(({ path }: { path: string }) => path)).toEqual(['/v5/boards?page_size=8'])
    expect((await guarded.ask('GET', '/_pinfold/requests')).status).toBe(401)
    expect(JSON.stringify(await log(one))).not.toContain('page_size=8')

    // Without Redis each tells what it has, at once; with it all is told again.
    await redis.stop()
    await until(async () => (await log(two)).items.length === 1)
    await two.ask('GET', '/boards?page_size=6')
    expect(sizes((await log(two)).items.map(({ path }: { path: string }) => path))).toEqual(['2', '6'])
    await redis.start()
    await until(async () => (await log(two)).items.length === 6)
    await until(async () => {
      await one.ask('GET', '/boards?page_size=7')
      return sizes(await watched(5)).includes('7')
    })
  })
})
