import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { startS3 } from '@pinfold/test-support/storages'
import { expect, onTestFinished, test } from 'vitest'

const open = { token: null }

test('a server that ends says so first, and answers meanwhile', async () => {
  const server = await ownServer({ drainSeconds: 1 })
  const ready = await server.get('/_pinfold/ready', open)
  expect([ready.status, ready.body, ready.headers.get('cache-control')]).toEqual([200, { status: 'ready' }, 'no-store'])
  const closing = server.close()
  const draining = await until(async () => {
    const answer = await server.get('/_pinfold/ready', open)
    return answer.status === 503 && answer
  })
  expect([draining.body, draining.headers.get('connection')]).toEqual([{ status: 'draining' }, 'close'])
  expect((await server.get('/_pinfold/health', open)).status).toBe(200)
  expect((await server.post('/boards', { name: 'Just in time' })).status).toBe(201)
  await closing
})

test('a server whose storage is away is not ready, and names it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-ready-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const { storage, discard } = await startS3()
  const server = await ownServer({ storage, dataDir, ephemeral: false })
  expect((await server.get('/_pinfold/ready', open)).status).toBe(200)
  await discard()
  const missing = await until(async () => {
    const answer = await server.get('/_pinfold/ready', open)
    return answer.status === 503 && answer
  })
  expect(missing.body).toEqual({ status: 'unavailable', missing: ['storage'] })
})

test('what a server does can be read by Prometheus, with the control token', async () => {
  const controlToken = 'a-control-token-0123456789'
  const server = await ownServer({ controlToken })
  await server.post('/boards', { name: 'Counted' })
  await server.get('/boards/1')
  await server.get('/boards/2')
  expect((await server.get('/_pinfold/metrics')).status).toBe(401)
  const metrics = await server.get('/_pinfold/metrics', { token: controlToken })
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = metrics.text.split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'pinfold_requests_total{operation="boards/create",status="201"} 1',
      'pinfold_requests_total{operation="boards/get",status="404"} 2',
      'pinfold_requests_total{operation="/_pinfold/metrics",status="401"} 1',
      'pinfold_request_seconds_bucket{operation="boards/get",le="+Inf"} 2',
      'pinfold_request_seconds_count{operation="boards/get"} 2',
      'pinfold_work_waiting{work="pictures"} 0',
    ]),
  )
  const wrong = lines.filter((line) => !/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\\]*",?)+\})? [\d.e+-]+|)$/.test(line))
  expect(wrong).toEqual([])
  const types = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2])
  expect(new Set(types).size).toBe(types.length)
  const memory = Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics.text)?.[1])
  expect(memory).toBeGreaterThan(10_000_000)
  // The lag is measured from the first look on.
  expect((await server.get('/_pinfold/metrics', { token: controlToken })).text).toContain('event_loop_lag_seconds{')
})
