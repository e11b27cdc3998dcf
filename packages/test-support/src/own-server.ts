import { expect, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'

/**
 * Starts a server for one test, with its own clock and data. It is closed, and its answers are checked, when the test
 * ends.
 */
export async function ownServer(overrides: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const server = await startTestServer(overrides)
  onTestFinished(async () => {
    await server.close()
    expect(server.violations, 'answers that break the contract').toEqual([])
  })
  return server
}
