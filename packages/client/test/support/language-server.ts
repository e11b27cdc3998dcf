import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'

/** Returns what an editor shows for the word at `position`, according to TypeScript's language server. */
export async function hover(
  tsc: string,
  file: { path: string; text: string },
  position: { line: number; character: number },
): Promise<string> {
  const server = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const answers = messagesFrom(server.stdout)
  const say = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  /** Returns the answer to request `id`; answers requests from the server with nothing. */
  const answerTo = async (id: number): Promise<unknown> => {
    for (let next = await answers.next(); !next.done; next = await answers.next()) {
      const message = next.value
      if (message.method !== undefined && message.id !== undefined) say({ id: message.id, result: null })
      else if (message.id === id && message.error) throw new Error(JSON.stringify(message.error))
      else if (message.id === id) return message.result
    }
    throw new Error('The language server ended before it answered.')
  }
  const uri = pathToFileURL(file.path).href
  try {
    say({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } })
    await answerTo(1)
    say({ method: 'initialized', params: {} })
    const textDocument = { uri, languageId: 'typescript', version: 1, text: file.text }
    say({ method: 'textDocument/didOpen', params: { textDocument } })
    say({ id: 2, method: 'textDocument/hover', params: { textDocument: { uri }, position } })
    return JSON.stringify(await answerTo(2))
  } finally {
    server.kill()
  }
}

interface Message {
  id?: number | string
  method?: string
  result?: unknown
  error?: unknown
}

const header = /^Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/

async function* messagesFrom(stream: AsyncIterable<Buffer>): AsyncGenerator<Message, void, undefined> {
  let rest = Buffer.alloc(0)
  for await (const part of stream) {
    rest = Buffer.concat([rest, part])
    for (let head = header.exec(rest.toString('latin1')); head; head = header.exec(rest.toString('latin1'))) {
      const end = head[0].length + Number(head[1])
      if (rest.length < end) break
      yield JSON.parse(rest.subarray(head[0].length, end).toString()) as Message
      rest = rest.subarray(end)
    }
  }
}
