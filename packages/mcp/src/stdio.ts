import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { McpHost } from './host.ts'
import { makeServer } from './server.ts'

/**
 * Serves the tools over standard input and output, until the input ends. Nothing else may write to standard output
 * meanwhile.
 */
export async function serveOverStdio(host: McpHost): Promise<void> {
  const ended = new Promise((resolve) => process.stdin.once('close', resolve).once('end', resolve))
  const served = serveStdio(() => makeServer(host), { onerror: host.onError })
  await ended
  await served.close()
}
