/** What a tool for agents costs beyond the operation that it calls. */
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import type { Row } from '../report.ts'
import { type Workbench, withPinfold } from './workbench.ts'

const connections = 4
/** The most CPU that a call of a tool takes beside its work. */
const mostMicros = 1000

const version = '2026-07-28'
const message = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'call_read',
    arguments: { operation: 'boards/list', query: { page_size: 5 } },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
}

export async function toolCall(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 3000, blocks: 3, rounds: 5, perRound: 1000 }
  const call = request('POST', '/mcp', bench.token, JSON.stringify(message), {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': version,
    'mcp-method': message.method,
    'mcp-name': message.params.name,
  })
  const direct = request('GET', '/v5/boards?page_size=5', bench.token)
  const { floor, ours } = await withPinfold(bench, async (process) => {
    const side = (sent: Buffer): Side => ({
      process,
      work: (count) => load(process.url, { count, connections, request: () => sent, status: 200 }),
    })
    return compare(side(direct), side(call), effort)
  })
  return {
    name: 'Call a tool, beyond its work',
    floorIs: 'the operation that it calls, by itself',
    unit: 'µs CPU',
    floor,
    ours: ours - floor,
    target: { ours: mostMicros },
  }
}
