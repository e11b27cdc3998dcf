import { execFile } from 'node:child_process'
import { copyFile, cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { table } from '../src/table.ts'
import { manifest } from './manifest.ts'
import { sameTypesCheck } from './same-types.ts'
import { writeTypes } from './write-types.ts'

const run = promisify(execFile)
const home = join(import.meta.dirname, '..')
const root = join(home, '../..')

/** What the package offers: its entries, by the name of their module. */
export const entries = ['index', 'node', 'testing'] as const

/** A module that another one starts as a thread. Always the ES module: it is not imported, and the server is one. */
const thread = 'testing-thread'

/**
 * Builds the package that is published into `dist`: JavaScript for `import` and for `require`, and types. The modules
 * that take from the contract are replaced by what they come to, so that nothing of the contract comes along.
 * Answers the size of the client in bytes: all that importing it loads, compressed.
 */
export async function build(): Promise<{ dist: string; gzipBytes: number }> {
  const dist = join(home, 'dist')
  const source = join(dist, 'source')
  await rm(dist, { recursive: true, force: true })
  await cp(join(home, 'src'), source, { recursive: true })
  await writeFile(join(source, 'table.ts'), await tableModule(join(source, 'table.ts')))
  await writeFile(join(source, 'resources.ts'), writeTypes())
  await writeFile(join(source, 'thread-file.ts'), `export const threadFile = '../esm/${thread}.js'\n`)
  await Promise.all([checkTypes(source), emitTypes(source, dist), bundle(source, dist)])
  await cp(join(dist, 'types'), join(dist, 'esm'), { recursive: true })
  await cp(join(dist, 'types'), join(dist, 'cjs'), { recursive: true })
  for (const folder of ['source', 'types']) await rm(join(dist, folder), { recursive: true })
  await writeFile(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')
  await writeFile(join(dist, 'package.json'), `${JSON.stringify(await manifest(home, entries), null, 2)}\n`)
  await copyFile(join(root, 'LICENSE'), join(dist, 'LICENSE'))
  await copyFile(join(home, 'README.md'), join(dist, 'README.md'))
  return { dist, gzipBytes: await gzipSize(join(dist, 'esm/index.js')) }
}

async function tableModule(source: string): Promise<string> {
  const module = await readFile(source, 'utf8')
  const declarations = module.slice(
    module.indexOf('/** What the client needs'),
    module.indexOf('/**\n * Every operation'),
  )
  return `${declarations}export const table: Table = ${JSON.stringify(table)}\n`
}

async function bundle(source: string, dist: string): Promise<void> {
  const bundled = await rolldown({
    input: Object.fromEntries([...entries, thread].map((name) => [name, join(source, `${name}.ts`)])),
    external: [/^node:/, '@pinfold/server'],
    // For `import.meta.url` in the CommonJS build; the client itself asks nothing of the platform.
    platform: 'node',
  })
  const shared = { chunkFileNames: '[name].js', entryFileNames: '[name].js' }
  await bundled.write({ ...shared, dir: join(dist, 'esm'), format: 'esm' })
  await bundled.write({ ...shared, dir: join(dist, 'cjs'), format: 'cjs' })
  await bundled.close()
}

/** Declarations beside each other as the modules are; what they import has the names of the built files. */
async function emitTypes(source: string, dist: string): Promise<void> {
  const out = join(dist, 'types')
  await tsc(source, 'tsconfig.json', {
    compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: '.', outDir: out },
    include: ['*.ts'],
  })
  for await (const file of glob('*.d.ts', { cwd: out })) {
    const text = await readFile(join(out, file), 'utf8')
    await writeFile(
      join(out, file),
      text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'").replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'),
    )
  }
}

/** Fails unless the types that were written out are those of the contract. */
async function checkTypes(source: string): Promise<void> {
  const folder = join(source, 'check')
  await mkdir(folder)
  const written = writeTypes().replaceAll("from './", "from '../../../src/")
  await writeFile(join(folder, 'written.ts'), written)
  await writeFile(join(folder, 'same.ts'), sameTypesCheck('../../../src/resources.ts', './written.ts'))
  await tsc(folder, 'tsconfig.json', { include: ['*.ts'] })
}

async function tsc(folder: string, file: string, config: object): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify({ extends: join(root, 'tsconfig.json'), ...config }))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  try {
    await run(process.execPath, [compiler, '-p', join(folder, file)])
  } catch (error) {
    throw new Error(`The types cannot be built:\n${(error as { stdout?: string }).stdout ?? String(error)}`)
  }
}

/** The size of a module and of every module it imports from its folder, compressed one by one as they would be sent. */
async function gzipSize(entry: string, seen = new Set<string>()): Promise<number> {
  seen.add(entry)
  const text = await readFile(entry, 'utf8')
  let size = gzipSync(text, { level: 9 }).length
  for (const [, path = ''] of text.matchAll(/from\s*["'](\.[^"']+)["']/g)) {
    const imported = join(entry, '..', path)
    if (!seen.has(imported)) size += await gzipSize(imported, seen)
  }
  return size
}

if (import.meta.main) {
  const { dist, gzipBytes } = await build()
  process.stdout.write(`${dist}: the client is ${(gzipBytes / 1024).toFixed(1)} KB gz\n`)
}
