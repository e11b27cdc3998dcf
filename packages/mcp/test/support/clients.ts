import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { main, withBundle } from '@pinfold/test-support/command'
import { onTestFinished } from 'vitest'

/** What a tool answered. */
export interface Told {
  isError: boolean
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as JSON
  value: any
  text: string
  pictures: Buffer[]
}

/** A client of the SDK, and short ways to what tests do with it. */
export interface TestClient {
  client: Client
  tools(): Promise<string[]>
  call(name: string, input?: Record<string, unknown>): Promise<Told>
}

/** A person who answers questions: true agrees. */
export type Person = (question: string) => boolean

/** What a test connects to, and how. */
export interface Connection {
  url: string
  token: string
  /** Who answers questions; undefined: the client cannot ask. */
  person?: Person
  /** Variables of `pinfold mcp`, and its arguments. */
  env?: Record<string, string>
  args?: readonly string[]
  /** `legacy` opens with the handshake of 2025; `auto` takes the newest there is. */
  era?: 'legacy' | 'auto'
}

/** Returns a client that is not connected yet, with a person who answers questions. */
export function newClient({ person, era = 'auto' }: Pick<Connection, 'person' | 'era'>): Client {
  const options: ClientOptions = {
    ...(person && { capabilities: { elicitation: { form: {} } } }),
    versionNegotiation: { mode: era },
  }
  const client = new Client({ name: 'test', version: '1.0.0' }, options)
  if (person)
    client.setRequestHandler('elicitation/create', async ({ params }) => ({
      action: 'accept',
      content: { yes: person(params.message) },
    }))
  return client
}

/** Starts `pinfold mcp` and connects to it. */
export async function overStdio(connection: Connection): Promise<TestClient> {
  const { url, token, args = [], env = {} } = connection
  const client = newClient(connection)
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [withBundle, '--', main, 'mcp', '--api', url, ...args],
    env: { PATH, NODE_COMPILE_CACHE, PINTEREST_ACCESS_TOKEN: token, ...env },
    stderr: 'inherit',
  })
  onTestFinished(() => client.close())
  await client.connect(transport)
  return asTestClient(client)
}

/** Connects to `/mcp` of a server. `query`: options, such as `?read_only=true`. */
export async function overHttp(connection: Connection & { query?: string }): Promise<TestClient> {
  const { url, token, query = '' } = connection
  const client = newClient(connection)
  const transport = new StreamableHTTPClientTransport(new URL(`/mcp${query}`, url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  onTestFinished(() => client.close())
  await client.connect(transport)
  return asTestClient(client)
}

/** Gives a client the short ways. */
export function asTestClient(client: Client): TestClient {
  return {
    client,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, input = {}) {
      const { content, isError = false } = await client.callTool({ name, arguments: input })
      const text = content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n')
      const pictures = content.flatMap((part) => (part.type === 'image' ? Buffer.from(part.data, 'base64') : []))
      return { isError, text, pictures, value: text.startsWith('{') ? JSON.parse(text) : undefined }
    },
  }
}
