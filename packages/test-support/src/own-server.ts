import { expect, onTestFinished } from 'vitest'
import { webServer } from './pictures.ts'
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

/** Starts one whose public address is not its own, as behind a proxy: `local` is its own. */
export async function proxiedServer(
  publicUrl: string,
  overrides: Parameters<typeof startTestServer>[0] = {},
): Promise<TestServer & { local: string }> {
  const probe = await webServer(() => {})
  await probe.close()
  const server = await ownServer({ ...overrides, publicUrl, port: Number(new URL(probe.url).port) })
  return { ...server, local: probe.url }
}
