/**
 * A reader of the server while others use it, in a process of its own, so that it only waits for the server. Argument:
 * the address of a server. Each message is a request in base64, which it sends again and again until the next message;
 * then it answers how long each took, in milliseconds.
 */
import { timed } from '../load.ts'

const [url = ''] = process.argv.slice(2)
let stop: AbortController | undefined

process.on('message', async (message) => {
  if (stop) return stop.abort()
  stop = new AbortController()
  process.send?.(await timed(url, Buffer.from(String(message), 'base64'), stop.signal))
  stop = undefined
})
console.log('ready at nothing')
process.channel?.ref()
