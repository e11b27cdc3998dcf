import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { demoCredentials } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { expect, onTestFinished, test } from 'vitest'

interface Span {
  name: string
  traceId: string
  parentSpanId?: string
  status: { code?: number }
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
}

/** A collector of OpenTelemetry that keeps the spans it gets, and the texts they came in. */
async function startCollector() {
  const spans: Span[] = []
  const texts: string[] = []
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await Array.fromAsync(request)).toString()
    texts.push(text)
    for (const { scopeSpans } of JSON.parse(text).resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, texts }
}

const serve = ['serve', '--port', '0', '--ephemeral', '--seed', 'demo', '--control-token', 'secret-of-the-control']

test('requests are traced where the variables of OpenTelemetry say, and nothing secret with them', async () => {
  const collector = await startCollector()
  const command = pinfold(serve, {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=rehearsal',
    },
  })
  const url = await command.ready()
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const answer = await fetch(`${url}/v5/boards?page_size=2`, {
    headers: {
      authorization: `Bearer ${demoCredentials.accessToken}`,
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    },
  })
  expect(answer.status).toBe(200)
  expect((await fetch(`${url}/nothing-here?code=secret-of-the-query`)).status).toBe(404)
  // What still waits is sent at the end.
  expect((await command.stop()).code).toBe(0)

  const boards = collector.spans.find((span) => span.traceId === traceId)
  expect(boards).toMatchObject({ name: 'GET /v5/boards', parentSpanId: 'b7ad6b7169203331' })
  const attributes = Object.fromEntries(
    boards?.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]) ?? [],
  )
  expect(attributes).toMatchObject({
    'http.request.method': 'GET',
    'http.route': '/v5/boards',
    'http.response.status_code': 200,
    'pinfold.operation': 'boards/list',
    'pinfold.request_id': answer.headers.get('x-pinterest-rid'),
  })
  const all = collector.texts.join()
  expect(all).toContain('rehearsal')
  expect(all).toContain('"pinfold"')
  for (const secret of [demoCredentials.accessToken, 'secret-of-the-control', 'secret-of-the-query'])
    expect(all).not.toContain(secret)
})

test('a collector that is away holds nobody up, and without the package the log says what is missing', async () => {
  const away = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
  const alone = pinfold(serve, { env: away })
  expect((await fetch(`${await alone.ready()}/_pinfold/health`)).status).toBe(200)
  const { code, ms } = await alone.stop()
  expect([code, ms < 5000]).toEqual([0, true])

  const missing = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (!name.startsWith('@opentelemetry/')) return next(name, context)
      throw Object.assign(new Error('not there'), { code: 'ERR_MODULE_NOT_FOUND' })
    } })`
  const bare = pinfold(serve, {
    env: { ...away, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(missing)}` },
  })
  await bare.ready()
  await expect.poll(() => bare.stdout()).toContain('npm install @opentelemetry/sdk-node')
  expect((await bare.stop()).code).toBe(0)
})
