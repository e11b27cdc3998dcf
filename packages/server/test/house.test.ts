import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const files = await Array.fromAsync(glob('**/*.ts', { cwd: src }))

/** What each source file imports from the others, as paths below `src`. */
const imports = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => ({ file, target: join(dirname(file), path) }))
})

test('a domain reaches another through its domain file, never its store or its routes', () => {
  const reached = imports.filter(({ file, target }) => dirname(file) !== dirname(target) && file !== 'app.ts')
  expect(reached.length).toBeGreaterThan(50)
  expect(reached.filter(({ target }) => /\/(store|routes)\.ts$/.test(target))).toEqual([])
})

test('SQL stands in the stores and the migrations alone', () => {
  const sql = /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/
  const elsewhere = files.filter(
    (file) => sql.test(readFileSync(join(src, file), 'utf8')) && !/\/store\.ts$|^db\/migrations\//.test(file),
  )
  expect(elsewhere).toEqual(['installation.ts'])
})

test('HTTP stands in http/, the routes and the pages alone', () => {
  const withFastify = files.filter((file) => /from 'fastify'/.test(readFileSync(join(src, file), 'utf8')))
  expect(withFastify.filter((file) => !/^http\/|\/(routes|web)\.ts$|^app\.ts$/.test(file))).toEqual([])
})
