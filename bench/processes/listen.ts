import { createServer, type RequestListener } from 'node:http'

/** Serves on a free port of this machine, and prints the address. */
export function listen(handle: RequestListener): void {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address && typeof address === 'object') console.log(`ready at http://127.0.0.1:${address.port}`)
  })
}
