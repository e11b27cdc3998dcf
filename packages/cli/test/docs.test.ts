import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { errorCatalogue, guideErrorCodes, type Operation, operations } from '@pinfold/contract'
import { demoCredentials, startServer } from '@pinfold/server'
import { main, withBundle } from '@pinfold/test-support/command'
import { has, hasRequests } from '@pinfold/test-support/installed'
import { onThisMachine } from '@pinfold/test-support/pace'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const hasCurl = has('curl', '--version')

/** Commands that install everything or run every test: `.ci/run` runs these, and each of its steps is one of them. */
const runByCi = new Set(['npm ci && npm start', 'npm ci && npm test', 'npm run bench'])

interface Block {
  language: string
  text: string
}

/** The blocks that are programs for Node, whose types are checked too. */
const isModule = ({ language }: Block) => language === 'js' || language === 'ts'

/** Returns the fenced blocks of a page, including indented ones in lists. */
function blocksOf(markdown: string): Block[] {
  const fences = [...markdown.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)]
  const lines = markdown.match(/^ *```/gm) ?? []
  if (lines.length !== fences.length * 2) throw new Error('A block was not recognized, and would not be run.')
  return fences.map(([, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trimEnd(),
  }))
}

const pages: { name: string; blocks: Block[] }[] = []
for await (const file of glob(['README.md', 'docs/*.md'], { cwd: root }))
  pages.push({ name: file, blocks: blocksOf(await readFile(join(root, file), 'utf8')) })
// Commands on the pages of packages install from npm: .ci/run does so. Programs run here.
for await (const file of glob('packages/*/README.md', { cwd: root }))
  pages.push({ name: file, blocks: blocksOf(await readFile(join(root, file), 'utf8')).filter(isModule) })

/** The seed file and the file of limits that the configuration page shows. */
const [seedText = '', limitsText = ''] = pages
  .filter(({ name }) => name === 'docs/configuration.md')
  .flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'json').map(({ text }) => text))

let folder: string
let url: string
let environment: NodeJS.ProcessEnv
let stop: () => Promise<void>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-docs-'))
  const server = await startServer({ port: 0, ephemeral: true })
  url = server.url
  stop = server.close
  const pinfold = join(folder, 'pinfold')
  await writeFile(pinfold, `#!/bin/sh\nexec "${process.execPath}" ${withBundle} -- "${main}" "$@"\n`)
  await chmod(pinfold, 0o755)
  await writeBrowser()
  environment = { ...process.env, PATH: `${folder}:${process.env.PATH}`, PINFOLD_PORT: '0' }
  return async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  }
})

/** Puts a browser in the PATH in which the person of the demo signs in and approves. */
async function writeBrowser(): Promise<void> {
  const program = join(folder, 'browser.ts')
  const visitor = join(root, 'packages/test-support/src/visitor.ts')
  await writeFile(
    program,
    `import { newVisitor } from ${JSON.stringify(visitor)}
     const visitor = newVisitor(${JSON.stringify(url)})
     const signIn = await visitor.open(process.argv[2] ?? '')
     const { location } = await visitor.submit(signIn, '/oauth/sign-in', ${JSON.stringify(demoCredentials)})
     const consent = await visitor.open(location ?? '')
     const back = await visitor.submit(consent, '/oauth/', { decision: 'approve' })
     await fetch(back.location ?? '')`,
  )
  for (const name of ['open', 'xdg-open']) {
    await writeFile(join(folder, name), `#!/bin/sh\nexec "${process.execPath}" -- "${program}" "$@"\n`)
    await chmod(join(folder, name), 0o755)
  }
}

/** Saves the files that the configuration page shows, and the picture that they name. */
async function writeConfiguration(place: string): Promise<void> {
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'seed.json'), seedText)
  await writeFile(join(place, 'limits.json'), limitsText)
  const coat = sharp({ create: { width: 80, height: 120, channels: 3, background: 'teal' } })
  await writeFile(join(place, 'coat.jpg'), await coat.jpeg().toBuffer())
}

/** Returns whether a command goes on until it is stopped. */
const isServer = (text: string) => /^(npm start --|pinfold serve) (?!--help)/.test(text)

/** What runs before a page's commands: an HTTP error is a failure. */
const prelude = 'set -euo pipefail; shopt -s expand_aliases\ncurl() { command curl --fail-with-body "$@"; }\n'

const isRun = (block: Block) => ['sh', 'python'].includes(block.language) || isModule(block)

/** Returns a block as it is run here: against the server of this test, and on a port that is free. */
const forHere = (text: string) =>
  text
    .replaceAll('http://127.0.0.1:4000', url)
    .replaceAll(', port: 8085', '')
    .replaceAll(
      '{ accessToken: process.env.PINTEREST_ACCESS_TOKEN }',
      `{ accessToken: process.env.PINTEREST_ACCESS_TOKEN, baseUrl: '${url}' }`,
    )

describe.each(pages.filter(({ blocks }) => blocks.some(isRun)))('the commands of $name', ({ name, blocks }) => {
  const shellBlocks = blocks.filter(({ language }) => language === 'sh')
  const shell = shellBlocks.filter(({ text }) => !runByCi.has(text))
  const servers = shell.filter(({ text }) => isServer(text))
  const scripts = shell.filter(({ text }) => !isServer(text))

  /** A checkout as it is after `npm ci`, for this page alone. */
  let checkout: string
  beforeAll(async () => {
    checkout = await mkdtemp(join(folder, 'page-'))
    for (const name of ['node_modules', 'packages']) await symlink(join(root, name), join(checkout, name))
    // The page's reader has saved the files that it shows.
    if (name === 'docs/configuration.md') await writeConfiguration(checkout)
    // And has a server.
    if (name === 'docs/backup.md')
      await (await startServer({ port: 0, dataDir: join(checkout, '.pinfold'), seed: 'none' })).close()
  })

  const ofCi = shellBlocks.filter(({ text }) => runByCi.has(text))
  const pythons = blocks.filter(({ language }) => language === 'python')
  const modules = blocks.filter(isModule)

  if (ofCi.length > 0)
    test('that .ci/run runs are in it', async () => {
      const ci = await readFile(join(root, '.ci/run'), 'utf8')
      for (const command of ofCi.flatMap(({ text }) => text.split(' && '))) expect(ci).toContain(command)
    })

  if (scripts.length > 0)
    test.skipIf(!hasCurl)('work, one after another, in a checkout that has no other files (12.28)', async () => {
      const code = await authorizationCode()
      const text = scripts.map((block) => block.text).join('\n')
      const script = text.replaceAll('http://127.0.0.1:4000', url).replaceAll('THE_CODE', code)
      for (let time = 0; time < (name === 'README.md' ? 2 : 1); time++) {
        const { stdout } = await run('bash', ['-c', prelude + script], { cwd: checkout, env: environment })
        expect(stdout).not.toContain('"code":')
      }
    })

  if (servers.length > 0)
    test('start servers that get ready and stop', async () => {
      for (const { text } of servers) {
        const cwd = text.startsWith('npm') ? root : checkout
        const command = `exec ${text.replace('test.env', join(folder, 'test.env'))}`
        const child = spawn('bash', ['-c', command], { cwd, env: environment, stdio: 'pipe', detached: true })
        const exited = once(child, 'exit')
        let output = ''
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part))
        await expect.poll(() => output).toContain('Pinfold is ready')
        process.kill(-(child.pid ?? 0), 'SIGTERM')
        await exited
      }
    })

  if (pythons.length > 0)
    test.skipIf(!hasRequests)('in Python work', async () => {
      for (const { text } of pythons) await run('python3', ['-c', forHere(text)], { cwd: checkout })
    })

  if (modules.length > 0)
    test('in JavaScript and TypeScript work (12.28)', async () => {
      for (const [i, { language, text }] of modules.entries()) {
        const isTest = text.includes(`from 'vitest'`)
        const file = `block-${i}${isTest ? '.test' : ''}.m${language}`
        await writeFile(join(checkout, file), forHere(text))
        // From the sources a server takes several times as long to start as an installed one.
        const patience = `--testTimeout=${onThisMachine(20_000)}`
        const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', patience, '--root', checkout, file]
        const bundle = isTest ? {} : { NODE_OPTIONS: withBundle }
        const env = { ...environment, ...bundle, PINTEREST_ACCESS_TOKEN: demoCredentials.accessToken }
        await run(process.execPath, isTest ? vitest : [file], { cwd: checkout, env })
      }
    })
})

test.each([
  ['ts', {}],
  ['js', { allowJs: true, checkJs: true, strict: false, exactOptionalPropertyTypes: false }],
])('the types of the blocks in %s are right (12.28)', async (language, options) => {
  const place = await mkdtemp(join(folder, 'types-'))
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'))
  for (const { name, blocks } of pages)
    for (const [i, { text }] of blocks.filter((block) => block.language === language).entries())
      await writeFile(join(place, `${name.replaceAll('/', '-')}-${i}.m${language}`), text)
  const compilerOptions = { ...options, noUnusedLocals: false, noUncheckedIndexedAccess: false }
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*'] }
  await writeFile(join(place, 'tsconfig.json'), JSON.stringify(config))
  // One checker: each of the four that it has by itself looks at the packages anew, which takes twice the CPU.
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', place, '--checkers', '1']
  const { stdout } = await run(process.execPath, tsc).catch((error) => error)
  // The packages are checked more strictly by themselves, and JavaScript cannot say what an answer's JSON is.
  const ofBlocks = stdout.split('\n').filter((line: string) => /\.m[jt]s\(/.test(line))
  expect(ofBlocks.filter((line: string) => !line.endsWith("on type 'unknown'."))).toEqual([])
})

test('the files of the configuration page are ones the server takes', async () => {
  await writeConfiguration(folder)
  const [seed, rateLimits] = [join(folder, 'seed.json'), join(folder, 'limits.json')]
  await using server = await startServer({ port: 0, ephemeral: true, seed, rateLimits })
  const { tokens } = JSON.parse(await readFile(join(folder, 'seed.json'), 'utf8'))
  const headers = { authorization: `Bearer ${tokens[0].access_token}` }
  const answer = await fetch(`${server.url}/v5/boards`, { headers })
  expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, expect.stringContaining('1000;w=1;')])
  expect(await answer.json()).toMatchObject({ items: [{ name: 'Look book', pin_count: 1 }] })
})

test('the options of the configuration page are those of the command, with the same variables', async () => {
  const { stdout } = await run(process.execPath, [withBundle, '--', main, 'serve', '--help'])
  const page = await readFile(join(root, 'docs/configuration.md'), 'utf8')
  const documented = [...page.matchAll(/^\| `(--[a-z-]+)[^|]*(?:\\\|[^|]*)*\| `(PINFOLD_[A-Z_]+)`/gm)].map(
    ([, flag, variable]) => `${flag} ${variable}`,
  )
  const offered = [...stdout.replaceAll(/\n\s{10,}/g, ' ').matchAll(/^ {2}(--[a-z-]+).*?env: (PINFOLD_[A-Z_]+)/gm)].map(
    ([, flag, variable]) => `${flag} ${variable}`,
  )
  expect(offered.length).toBeGreaterThan(10)
  expect(documented).toEqual(offered)
})

test('the table of errors is the catalogue', async () => {
  const page = await readFile(join(root, 'docs/errors.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const expected = Object.entries(errorCatalogue).map(
    ([name, { status, code, message, kind }]) =>
      `| \`${name}\` | ${status} | ${code} | ${message} | ${guideErrorCodes[kind]} |`,
  )
  expect(rows).toEqual(expected)
})

test('the page on differences names each operation of Pinterest’s that is served, and no other', async () => {
  const page = await readFile(join(root, 'docs/differences.md'), 'utf8')
  const list = page.slice(page.indexOf('`oauth/token`'), page.indexOf('\n\n', page.indexOf('`oauth/token`')))
  const ids = new Set((operations as readonly Operation[]).filter((op) => op.root === undefined).map(({ id }) => id))
  const named = new Set<string>()
  let before = ''
  // After `boards/list` comes `get`: of the same group, or a part of that operation.
  for (const [, name = ''] of list.matchAll(/`([^`]+)`/g)) {
    const last = before.split('/').slice(0, -1).join('/')
    const id = [name, `${before}/${name}`, `${last}/${name}`].find((each) => ids.has(each))
    expect(id, name).toBeDefined()
    named.add(id ?? '')
    if (name.includes('/')) before = name
  }
  expect([...ids].filter((id) => !named.has(id))).toEqual([])
})

test('the credentials that pages show are those of the demo data', async () => {
  const { accessToken, refreshToken, appId, appSecret, password } = demoCredentials
  for (const page of ['docs/getting-started.md', 'skills/pinfold/SKILL.md']) {
    const text = await readFile(join(root, page), 'utf8')
    for (const value of [accessToken, refreshToken, appId, appSecret, password])
      expect(text, page).toContain(`\`${value}\``)
  }
})

test('every link from one page to another leads somewhere', async () => {
  for (const { name } of pages) {
    const text = await readFile(join(root, name), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)) {
      const path = join(root, name, '..', target)
      expect(await Array.fromAsync(glob(relative(root, path), { cwd: root })), `${name}: ${target}`).not.toEqual([])
    }
  }
})

/** Gets a code for the demo app, as a browser would. */
async function authorizationCode(): Promise<string> {
  const query = new URLSearchParams({
    client_id: demoCredentials.appId,
    redirect_uri: 'http://localhost:3000/callback',
    response_type: 'code',
    scope: 'boards:read,pins:read',
  })
  const post = (path: string, form: Record<string, string>, cookie = '') =>
    fetch(url + path, { method: 'POST', body: new URLSearchParams(form), headers: { cookie }, redirect: 'manual' })
  const signedIn = await post('/oauth/sign-in', { ...demoCredentials, return_to: '/oauth/sign-in' })
  const [cookie = ''] = signedIn.headers.getSetCookie().map((header) => header.split(';')[0] ?? '')
  const page = await (await fetch(`${url}/oauth/?${query}`, { headers: { cookie } })).text()
  const [, csrf = ''] = /name="csrf" value="([^"]*)"/.exec(page) ?? []
  const answer = await post('/oauth/', { ...Object.fromEntries(query), csrf, decision: 'approve' }, cookie)
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}
