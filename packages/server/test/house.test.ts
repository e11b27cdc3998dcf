import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const files = await Array.fromAsync(glob('**/*.ts', { cwd: src }))
/** The text of a source file without its comments. */
const textOf = (file: string) => readFileSync(join(src, file), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '')

/** What each source file imports from the others, as paths below `src`. */
const imports = files.flatMap((file) =>
  [...textOf(file).matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => ({ file, target: join(dirname(file), path) })),
)

/** The rooms of the house, each with those that it may import from. */
const rooms: Record<string, string[]> = {
  core: [],
  db: ['core'],
  storage: ['core'],
  domains: ['core', 'db', 'storage'],
  http: ['core', 'db', 'storage', 'domains'],
  api: ['core', 'db', 'domains', 'http'],
  pages: ['core', 'storage', 'domains', 'http'],
  app: ['core', 'db', 'storage', 'domains', 'http', 'api', 'pages'],
}
const roomOf = (file: string) => file.split('/')[0] ?? ''

test('no import runs up', () => {
  const inRooms = imports.filter(({ file }) => file !== 'index.ts')
  expect(inRooms.length).toBeGreaterThan(300)
  const up = inRooms.filter(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)]
    return from !== to && !rooms[from]?.includes(to)
  })
  expect(up).toEqual([])
})

test('a store is reached by its own domain alone', () => {
  const reached = imports.filter(({ file, target }) => dirname(file) !== dirname(target))
  expect(reached.filter(({ target }) => target.endsWith('/store.ts'))).toEqual([])
})

test('SQL stands in the stores and the migrations alone', () => {
  const sql = /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/
  const elsewhere = files.filter((file) => sql.test(textOf(file)) && !/\/store\.ts$|^db\/migrations\//.test(file))
  expect(elsewhere).toEqual([])
})

test('Fastify stands in http/, pages/ and app/ alone', () => {
  const withFastify = files.filter((file) => /from 'fastify'/.test(textOf(file)))
  expect(withFastify.filter((file) => !/^(http|pages|app)\//.test(file))).toEqual([])
})
