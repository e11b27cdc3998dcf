import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '@pinfold/test-support/free-port'
import { root } from './compile.ts'

// npm run dev [-- options of pinfold serve]: the server, started again when a source of it changes, and the web app on
// a port of its own, where it changes in the open page. Whatever is no source of the app goes on to the server.

const given = process.argv.slice(2)
const { values } = parseArgs({ args: given, strict: false, options: { port: { type: 'string' } } })
const wanted = Number(values.port ?? process.env.PINFOLD_PORT ?? 4000)
const port = wanted === 0 ? await freePort() : wanted

const main = join(root, 'packages/cli/src/main.js')
const server = spawn(process.execPath, ['--watch', '--', main, 'serve', ...given, '--port', String(port)], {
  stdio: 'inherit',
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal))

const { createServer } = await import('vite')
const target = `http://127.0.0.1:${port}`
const app = await createServer({
  configFile: join(root, 'packages/web/vite.config.ts'),
  logLevel: 'warn',
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/v5', '/_pinfold', '/oauth', '/media', '/uploads', '/docs', '/openapi.json', '/favicon.ico', '^/pin/\\d+/visit']
        .concat('^/board/\\d+/feed\\.xml')
        .map((path) => [path, { target }]),
    ),
  },
})
await app.listen()
console.log(`The web app, changing as you change it: ${app.resolvedUrls?.local[0]}`)

await once(server, 'exit')
await app.close()
process.exit(server.exitCode ?? 0)
