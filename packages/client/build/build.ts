import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { renameTypeImports, tsc } from '../../../build/compile.ts'
import { table } from '../src/table.ts'
import { sameTypesCheck } from './same-types.ts'
import { writeTypes } from './write-types.ts'

const home = join(import.meta.dirname, '..')

/** The package's entry points, by module name. */
const entries = ['index', 'node', 'testing'] as const

/**
 * A module that another one starts as a worker thread. Always the ES module: it is not imported, and the server is one.
 */
const thread = 'testing-thread'

/**
 * Builds the client into `dist`: JavaScript for `import` and for `require`, and types. The modules that use the
 * contract are replaced by their results, so that the contract is not bundled.
 */
export async function buildClient(dist: string): Promise<void> {
  await rm(dist, { recursive: true, force: true })
  // Within the package, so that the sources' imports resolve.
  const work = await mkdtemp(join(home, '.build-'))
  const [source, types] = [join(work, 'source'), join(work, 'types')]
  try {
    await cp(join(home, 'src'), source, { recursive: true })
    await writeFile(join(source, 'table.ts'), await tableModule(join(source, 'table.ts')))
    await writeFile(join(source, 'resources.ts'), writeTypes())
    await writeFile(join(source, 'thread-file.ts'), `export const threadFile = '../esm/${thread}.js'\n`)
    await Promise.all([checkTypes(source), emitTypes(source, types), bundle(source, dist)])
    for (const format of ['esm', 'cjs']) await cp(types, join(dist, format), { recursive: true })
    await writeFile(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')
  } finally {
    await rm(work, { recursive: true, force: true })
  }
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
  const shared = {
    chunkFileNames: '[name].js',
    entryFileNames: '[name].js',
    sourcemap: true,
    // The same layout as the package's folder.
    sourcemapPathTransform: (path: string) => `../../src/${basename(path)}`,
  }
  await bundled.write({ ...shared, dir: join(dist, 'esm'), format: 'esm' })
  await bundled.write({ ...shared, dir: join(dist, 'cjs'), format: 'cjs' })
  await bundled.close()
}

/** Writes type declarations in the layout of the modules. */
async function emitTypes(source: string, out: string): Promise<void> {
  await tsc(source, {
    compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: '.', outDir: out },
    include: ['*.ts'],
  })
  await renameTypeImports(out)
}

/** Throws unless the types that were written out equal those of the contract. */
async function checkTypes(source: string): Promise<void> {
  const folder = join(source, 'check')
  await mkdir(folder)
  const written = writeTypes().replaceAll("from './", "from '../../../src/")
  await writeFile(join(folder, 'written.ts'), written)
  await writeFile(join(folder, 'same.ts'), sameTypesCheck('../../../src/resources.ts', './written.ts'))
  await tsc(folder, { include: ['*.ts'] })
}

/**
 * Returns the size in bytes of a module and every module it imports from its folder, each compressed by itself, as it
 * would be sent.
 */
export async function gzipSize(entry: string, seen = new Set<string>()): Promise<number> {
  seen.add(entry)
  const text = await readFile(entry, 'utf8')
  let size = gzipSync(text, { level: 9 }).length
  for (const [, path = ''] of text.matchAll(/from\s*["'](\.[^"']+)["']/g)) {
    const imported = join(entry, '..', path)
    if (!seen.has(imported)) size += await gzipSize(imported, seen)
  }
  return size
}
