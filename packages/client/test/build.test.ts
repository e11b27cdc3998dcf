import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { resources } from '@pinfold/contract'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { assemblePackages } from '../../../build/packages.ts'
import { gzipSize } from '../build/build.ts'
import { hover } from './support/language-server.ts'
import { walk } from './support/walk.ts'

const run = promisify(execFile)
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

/** The Node that runs this test, and the system's if it differs and the client supports it. */
const systemNode = '/usr/bin/node'
const majorOf = (node: string) => Number(/^v(\d+)/.exec(spawnSync(node, ['-v'], { encoding: 'utf8' }).stdout)?.[1])

/** Other runtimes, if the environment names their programs: other Nodes, `bun`, `deno`. */
const named = (process.env.PINFOLD_TEST_RUNTIMES ?? '').split(':').filter(Boolean)
const otherRuntimes = named.filter((path) => basename(path) !== 'node')

const nodePaths = [process.execPath, systemNode, ...named.filter((path) => basename(path) === 'node')]
const nodes = nodePaths
  .filter((path) => existsSync(path) && majorOf(path) >= 20)
  .map((path) => ({ path, name: `Node ${majorOf(path)}` }))
const runtimes = [
  ...nodes.map(({ path, name }) => ({ name, command: [path] })),
  ...otherRuntimes.map((path) => ({
    name: basename(path),
    command: basename(path) === 'deno' ? [path, 'run', '--allow-all'] : [path],
  })),
]

let server: TestServer
/** A project that has the package installed. */
let project: string
const installed = () => join(project, 'node_modules/@pinfold/client')

beforeAll(async () => {
  server = await startTestServer()
  project = await mkdtemp(join(tmpdir(), 'pinfold-client-'))
  await assemblePackages(['client'], join(project, 'built'))
  const built = join(project, 'built/client')
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project], { cwd: built })
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(project, stdout.trim())]
  await run('npm', install, { cwd: project })
  return () => rm(project, { recursive: true, force: true })
})

test('it is small, and nothing of the contract comes along', async () => {
  const gzipBytes = await gzipSize(join(installed(), 'dist/esm/index.js'))
  expect(gzipBytes).toBeGreaterThan(3000)
  expect(gzipBytes).toBeLessThan(20 * 1024)
  const files = await Array.fromAsync(glob('**/*.*', { cwd: installed() }))
  for (const file of files.filter((name) => /\.(js|ts)$/.test(name))) {
    const text = await readFile(join(installed(), file), 'utf8')
    expect(text, file).not.toMatch(/typebox|@pinfold\/contract|\.ts['"]/i)
    if (file.endsWith('.d.ts')) expect(text, file).not.toContain("from '@")
  }
  const { dependencies } = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))
  expect(dependencies).toBeUndefined()
})

test('every operation has a method under its own key, which sends what the contract says', async () => {
  const { oauth: _, ...others } = resources
  const modules = [
    await import(join(installed(), 'dist/esm/index.js')),
    createRequire(import.meta.url)(join(installed(), 'dist/cjs/index.js')),
  ] as typeof import('../src/index.ts')[]
  for (const { PinterestClient } of modules) {
    const walked = await walk(others, (fetch) => new PinterestClient({ accessToken: 'pina_x', fetch }))
    expect(Object.keys(walked.sent).length).toBeGreaterThan(20)
    expect(walked.sent).toEqual(walked.declared)
  }
})

describe.each(nodes)('with $name', ({ path }) => {
  const call = `
    const client = new PinterestClient({ accessToken: '${people.alice.token}', baseUrl: process.argv[2] })
    client.userAccount.get()
      .then(({ username }) => client.boards.get('1').catch((error) => [username, error instanceof NotFoundError]))
      .then((seen) => process.stdout.write(JSON.stringify(seen)))`

  test.each([
    ['import', 'a.mjs', "import { NotFoundError, PinterestClient } from '@pinfold/client'"],
    ['require', 'a.cjs', "const { NotFoundError, PinterestClient } = require('@pinfold/client')"],
  ])('it works by %s', async (_, file, head) => {
    await writeFile(join(project, file), `${head}\n${call}`)
    const { stdout } = await run(path, [join(project, file), server.url])
    expect(JSON.parse(stdout)).toEqual(['alice', true])
  })

  if (majorOf(path) < 24)
    test('startPinfold says that the server needs a newer one', async () => {
      const script = `import { startPinfold } from '@pinfold/client/testing'
      await startPinfold().catch((error) => process.stdout.write(error.message))`
      await writeFile(join(project, 'old.mjs'), script)
      const { stdout } = await run(path, [join(project, 'old.mjs')])
      expect(stdout).toMatch(/^startPinfold needs Node 24\.7 or newer, .* this is Node 2\d\./)
    })
})

test.each(runtimes)(
  'with $name, somebody makes Pins, pages through them, meets errors and signs in',
  async (runtime) => {
    await copyFile(join(import.meta.dirname, 'runtimes/story.js'), join(project, 'story.js'))
    const [program = '', ...args] = [...runtime.command, join(project, 'story.js')]
    const env = {
      ...process.env,
      PINTEREST_API_URI: server.url,
      PINTEREST_ACCESS_TOKEN: people.alice.token,
      PINTEREST_APP_ID: testApp.id,
      PINTEREST_APP_SECRET: testApp.secret,
    }
    const { stdout } = await run(program, args, { env, cwd: project })
    const titles = ['One', 'Two', 'Three', 'Four']
    expect(JSON.parse(stdout)).toEqual({
      picture: { width: 2, height: 3, url: expect.stringContaining('/media/') },
      made: [...titles, 'NotFoundError'],
      progress: ['1/5', '2/5', '3/5', '4/5', '5/5'],
      listed: [...titles, 'From bytes'].toSorted(),
      pages: [3, 2],
      errors: {
        notFound: [true, 404, 'string'],
        authentication: [true, 401, 'string'],
        invalid: [true, 400, 'string'],
      },
      nowhere: [true, null, 'undefined', 1],
      signIn: ['SignInError', 'denied'],
      username: 'alice',
    })
  },
)

test("the README's example runs, with Pinfold as it says", async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
  const [told = ''] = /baseUrl: '[^']*'/.exec(readme) ?? []
  expect(example).toContain('PINTEREST_ACCESS_TOKEN }')
  const base = told.replace('http://127.0.0.1:4000', server.url)
  await writeFile(join(project, 'readme.js'), example.replace('_TOKEN }', `_TOKEN, ${base} }`))
  await server.post('/boards', { name: 'Of the README' })
  const env = { ...process.env, PINTEREST_ACCESS_TOKEN: people.alice.token }
  const { stdout } = await run(process.execPath, [join(project, 'readme.js')], { env })
  expect(stdout).toContain('Of the README\n')
})

test('the helper for scripts can be imported and required', async () => {
  const show = 'signIn({ client: new PinterestClient(), scopes: [] }).catch((error) => console.log(error.name))'
  const heads = {
    'b.mjs': "import { PinterestClient } from '@pinfold/client'; import { signIn } from '@pinfold/client/node'",
    'b.cjs':
      "const { PinterestClient } = require('@pinfold/client'); const { signIn } = require('@pinfold/client/node')",
  }
  for (const [file, head] of Object.entries(heads)) {
    await writeFile(join(project, file), `${head}\n${show}`)
    expect((await run(process.execPath, [join(project, file)])).stdout).toBe('AuthenticationError\n')
  }
})

test('the server for tests starts from the package, where the server is installed', async () => {
  const body = `startPinfold()
    .then(async (pinfold) => [await pinfold.client().boards.list().toArray(), await pinfold.close()])
    .then(([boards]) => console.log(boards.length), (error) => console.log(error.message))`
  const show = async () => {
    await writeFile(join(project, 'c.mjs'), `import { startPinfold } from '@pinfold/client/testing'\n${body}`)
    await writeFile(join(project, 'c.cjs'), `const { startPinfold } = require('@pinfold/client/testing')\n${body}`)
    const files = ['c.mjs', 'c.cjs']
    return Promise.all(files.map(async (file) => (await run(process.execPath, [join(project, file)])).stdout.trim()))
  }
  const missing = 'Pinfold cannot be started: it needs the package @pinfold/server, which is not installed.'
  expect(await show()).toEqual([missing, missing])
  await symlink(join(import.meta.dirname, '../../server'), join(project, 'node_modules/@pinfold/server'))
  expect(await show()).toEqual(['0', '0'])
})

describe('its types', () => {
  const right = `
import { type Board, type Page, type Pin, PinterestClient, type Tokens } from '@pinfold/client'
import { signIn } from '@pinfold/client/node'
import { type Pinfold, startPinfold } from '@pinfold/client/testing'
const client = new PinterestClient({ accessToken: 'pina_x' })
export const page: PromiseLike<Page<Pin>> = client.boards.listPins('1', { page_size: 2, creative_types: ['VIDEO'] })
export const tokens: Promise<Tokens> = signIn({ client, scopes: ['boards:read'], port: 8085 })
export const pinfold: Promise<Pinfold> = startPinfold({ seed: 'demo', clock: 'manual' })
export const boards: AsyncIterable<Board> = client.boards.list()
export const made: Promise<Pin> = client.pins.create({ board_id: '1', picture: './cup.jpg' })
export const title = async (pin: Pin): Promise<string | null | undefined> => (await client.pins.get(pin.id)).title
`
  const wrong = [
    "client.boards.create({ name: 'A', colour: 'red' })",
    'client.boards.create({})',
    'client.boards.get(1)',
    "client.boardSections.delete('1')",
    "client.pins.list({ creative_types: ['PAINTING'] })",
    "client.pins.explode('1')",
  ]

  /** Returns the compiler's messages for a file, with the libraries that a user has: those of Node. */
  async function check(file: string, text: string, module: 'nodenext' | 'esnext'): Promise<string> {
    const types = join(project, 'node_modules/@types')
    if (!existsSync(types)) await mkdir(types)
    await writeFile(join(project, file), text)
    const compilerOptions = {
      target: 'es2024',
      lib: ['esnext', 'dom'],
      types: [],
      module,
      moduleResolution: module === 'nodenext' ? 'nodenext' : 'bundler',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    }
    const config = join(project, `tsconfig.${file}.json`)
    await writeFile(config, JSON.stringify({ compilerOptions, files: [file] }))
    const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: project }).catch(
      (error) => error as { stdout: string },
    )
    return stdout
  }

  test.each([
    ['a module', 'right.mts', 'nodenext'],
    ['a CommonJS module', 'right.cts', 'nodenext'],
    ['a bundled module', 'right.ts', 'esnext'],
  ] as const)('stand by themselves in %s', async (_, file, module) => {
    expect(await check(file, right, module)).toBe('')
  })

  test("fit the page's TypeScript", async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/client.md'), 'utf8')
    const examples = Array.from(page.matchAll(/```ts\n([\s\S]*?)```/g), ([, text = '']) => text)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(await check('page.mts', example, 'nodenext')).toBe('')
  })

  test('refuse what the contract does not have', async () => {
    const said = await check('wrong.mts', `${right}\n${wrong.join('\n')}\n`, 'nodenext')
    const lines = [...said.matchAll(/^wrong\.mts\((\d+),/gm)].map(([, line]) => Number(line))
    const first = right.split('\n').length + 1
    expect(lines).toEqual(wrong.map((_, index) => first + index))
  })

  test("show each operation's description in an editor", async () => {
    const text = "import { PinterestClient } from '@pinfold/client'\nnew PinterestClient().boards.listPins('1')\n"
    const path = join(project, 'hover.mts')
    await writeFile(path, text)
    const shown = await hover(tsc, { path, text }, { line: 1, character: 32 })
    expect(shown).toContain('listPins(boardId: string')
    expect(shown).toMatch(/The Pins on a board of yours, [^.]* newest first\./)
  })
})

test('it runs in a browser', async () => {
  const site = createServer(async (request, response) => {
    const isScript = request.url?.endsWith('.js')
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript ? await readFile(join(installed(), 'dist/esm', request.url ?? '')) : '<!doctype html><p>A page',
    )
  }).listen(0, '127.0.0.1')
  const page = await (await sharedBrowser()).newPage()
  try {
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    const seen = await page.evaluate(`(async () => {
      const { PinterestClient } = await import('/index.js')
      const sent = []
      const fetch = async (url, { method, body }) => {
        sent.push([method, url, body && JSON.parse(body).media_source])
        return Response.json({ id: '1', username: 'fake' })
      }
      const client = new PinterestClient({ accessToken: 'pina_x', fetch })
      const account = await client.userAccount.get()
      await client.pins.create({ board_id: '1', picture: new Blob([new Uint8Array([0x89, 0x50])]) })
      return { account, sent }
    })()`)
    const media = { source_type: 'image_base64', content_type: 'image/png', data: 'iVA=' }
    expect(seen).toEqual({
      account: { id: '1', username: 'fake' },
      sent: [
        ['GET', 'https://api.pinterest.com/v5/user_account', undefined],
        ['POST', 'https://api.pinterest.com/v5/pins', media],
      ],
    })
  } finally {
    await page.close()
    site.close()
  }
})
