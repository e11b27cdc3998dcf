import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * What becomes of a connection on which something came that is not HTTP. Some clients send a stray body after a
 * DELETE, without a length: to the parser that is the beginning of a broken request. What came whole before it is
 * answered all the same.
 */
export function brokenRequests() {
  const answers = new WeakMap<Socket, ServerResponse>()
  return {
    /** Notes the answer that a connection waits for now. */
    note(answer: ServerResponse): void {
      if (answer.socket) answers.set(answer.socket, answer)
    },

    /** Answers what is broken with a 400, and hangs up. */
    refuse(error: Error & { code?: string }, socket: Socket): void {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      const before = answers.get(socket)
      if (before?.req.complete && !before.writableFinished) return void before.once('close', () => socket.destroySoon())
      const body = JSON.stringify({ code: 1, message: 'Invalid request. This is not valid HTTP.' })
      const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
      socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`)
    },
  }
}
