import type { ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'

/**
 * Makes `server` answer requests that are complete, whatever follows them. Some clients send a body after a DELETE
 * without declaring it: to the parser that is a malformed request, which mockttp would answer with 400 instead of the
 * DELETE's own answer.
 */
export function passOverStrayBodies(server: Server): void {
  const answers = new WeakMap<object, ServerResponse>()
  server.on('request', (_request, answer: ServerResponse) => {
    if (answer.socket) answers.set(answer.socket, answer)
  })
  for (const refuse of server.listeners('clientError') as ((error: Error, socket: Socket) => void)[]) {
    server.removeListener('clientError', refuse)
    server.on('clientError', (error, socket) => {
      const before = answers.get(socket)
      if (before?.req.complete && !before.writableFinished) before.once('close', () => socket.destroySoon())
      else refuse.call(server, error, socket)
    })
  }
}
