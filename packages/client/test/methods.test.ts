import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { resources } from '@pinfold/contract'
import { declared } from '@pinfold/test-support/declared'
import { expect, onTestFinished, test } from 'vitest'
import { sameTypesCheck } from '../build/same-types.ts'
import { writeResources } from '../build/write-types.ts'
import { Page, PagePromise, PinterestClient } from '../src/index.ts'
import { untypedMethods } from '../src/methods.ts'
import type { ResourcesOf } from '../src/resources.ts'
import { tableOf } from '../src/table.ts'
import { Transport } from '../src/transport.ts'
import { walk } from './support/walk.ts'

const { oauth: _, ...others } = resources

test('every operation has a method under its own key, which sends what the contract says', async () => {
  const walked = await walk(others, (fetch) => new PinterestClient({ accessToken: 'pina_x', fetch }))
  expect(Object.keys(walked.sent).length).toBeGreaterThan(20)
  expect(walked.sent).toEqual(walked.declared)
})

/** Returns the methods of the small contract. The compiler checks their calls below. */
function shelvesOver(fetch: typeof globalThis.fetch): ResourcesOf<typeof declared> {
  const transport = new Transport({
    baseUrl: 'http://127.0.0.1',
    fetch,
    timeoutMs: 60_000,
    maxRetries: 0,
    idempotencyKeys: true,
    onRateLimit: undefined,
    logger: undefined,
    token: async () => 'pina_x',
    renewToken: undefined,
  })
  return untypedMethods(tableOf(declared), transport) as ResourcesOf<typeof declared>
}

test('so have operations whose ids begin with other words, and that have what few have', async () => {
  const walked = await walk(declared, shelvesOver)
  expect(walked.sent).toEqual(walked.declared)
  expect(walked.sent['shelves.list']?.query).toEqual({
    ids: '3',
    'filter[name]': 'Cup & saucer',
    'filter[least]': '2',
    'filter[colours]': 'red',
    order: 'ASCENDING',
    page_size: '25',
  })
})

test('their types follow from the declaration', async () => {
  const { shelves } = shelvesOver(async (_url, init) =>
    init?.method === 'GET'
      ? Response.json({ items: [{ id: 1, name: 'Cup' }], bookmark: null })
      : Response.json({ stored: [], refused: [1] }, { status: 206 }),
  )
  const list = shelves.list('7', { ids: [1, 2], filter: { least: 3, open: true }, order: 'DESCENDING' })
  expect(list).toBeInstanceOf(PagePromise)
  expect(await list).toBeInstanceOf(Page)
  const names: string[] = (await list).items.map(({ name }) => name)
  expect(names).toEqual(['Cup'])
  const put = await shelves.putAll('7', [{ id: 1, name: 'Cup', size: { kind: 'box', width: 3 } }])
  // The body shows which of the successes it is.
  const refused: number[] = 'refused' in put ? put.refused : []
  expect(refused).toEqual([1])
  const checkedByTheCompiler = () => [
    // @ts-expect-error the body is a list
    shelves.putAll('7', { id: 1, name: 'Cup' }),
    // @ts-expect-error numbers are wanted
    shelves.list('7', { ids: ['1'] }),
    // @ts-expect-error there is no such field
    shelves.list('7', { filter: { shape: 'round' } }),
    // @ts-expect-error a box has a width
    shelves.putAll('7', [{ id: 1, name: 'Cup', size: { kind: 'box' } }]),
  ]
  expect(checkedByTheCompiler).toBeTypeOf('function')
})

test('the types that are written out for the published client are the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-types-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const source = join(import.meta.dirname, '../src')
  const root = join(import.meta.dirname, '../../..')
  const answer = 'export type TokenAnswer = string\n'
  const small = join(root, 'packages/test-support/src/declared.ts')
  await writeFile(
    join(folder, 'written.ts'),
    writeResources(declared, undefined, answer).replaceAll("'./", `'${source}/`),
  )
  await writeFile(
    join(folder, 'contract.ts'),
    `import type { declared } from '${small}'
    import type { ResourcesOf } from '${source}/resources.ts'
    export type Resources = ResourcesOf<typeof declared>\n${answer}`,
  )
  await writeFile(join(folder, 'same.ts'), sameTypesCheck('./contract.ts', './written.ts'))
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { types: [], lib: ['esnext', 'dom'] },
    include: ['*.ts'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
  const check = () =>
    promisify(execFile)(process.execPath, [tsc, '-p', folder, '--checkers', '1']).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    )
  expect(await check()).toBe('')
  // And the check would fail if they were not.
  const other = writeResources(declared, undefined, answer)
    .replaceAll("'./", `'${source}/`)
    .replace('ids?: Array<number>', 'ids?: Array<string>')
  await writeFile(join(folder, 'written.ts'), other)
  expect(await check()).toMatch(/missing.*"\w+\.list"/)
})
