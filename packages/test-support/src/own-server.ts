import { expect, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

/** A server for one test, whose clock and data are its own: closed, and its answers looked at, when the test ends. */
export async function ownServer(overrides: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const server = await startTestServer(overrides)
  onTestFinished(async () => {
    await server.close()
    expect(server.violations, 'answers that break the contract').toEqual([])
  })
  return server
}
