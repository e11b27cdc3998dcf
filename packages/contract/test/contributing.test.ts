import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openApiDocument, pinterestVersion, resources } from '../src/index.ts'

const root = join(import.meta.dirname, '../../..')
const pages = ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/api-versions.md']

test.each(pages)('%s names files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => join(root, page, '..', path))
  const inText = [...text.matchAll(/`(packages\/[\w./-]+)`/g)].map(([, path = '']) => join(root, path))
  const inRooms = [...text.matchAll(/`((?:http|api|pages|core)\/[\w-]+\.ts)`/g)].map(([, path = '']) =>
    join(root, 'packages/server/src', path),
  )
  const named = [...links, ...inText, ...inRooms]
  expect(named.length).toBeGreaterThan(4)
  for (const path of named) expect(existsSync(path), path).toBe(true)
})

test('the version that is served is the one that the documents name', () => {
  expect(openApiDocument('http://127.0.0.1:4000').info).toMatchObject({ version: pinterestVersion })
  for (const page of ['docs/differences.md', 'docs/api-versions.md'])
    expect(readFileSync(join(root, page), 'utf8')).toContain(`API ${pinterestVersion}`)
  const [short] = /^\d+\.\d+/.exec(pinterestVersion) ?? []
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain(`openapi-${short}.json`)
})

test('the worked example is the operation as it is', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const { create } = resources.boards
  const [example = ''] = /create: operation\([\s\S]*?\n {2}\}\),/.exec(text) ?? []
  for (const value of [create.id, create.method, create.path, create.summary, create.description, create.category])
    expect(example).toContain(`'${value}'`)
  for (const scope of create.auth.scopes) expect(example).toContain(`'${scope}'`)
  for (const error of Object.keys(create.errors)) expect(example).toContain(`${error}: {}`)
})
