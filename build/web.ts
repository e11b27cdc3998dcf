import { createHash } from 'node:crypto'
import { chmod, glob, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { root } from './compile.ts'

/** The sources of the web app, and the folder from which the server serves what is built from them. */
const sources = join(root, 'packages/web')
export const builtWeb: string = join(root, 'packages/server/web')

/** Names the sources that a folder was built from. */
const stampFile = 'sources.txt'
/** What is worth compressing; fonts and pictures are already. */
const compressible = /\.(js|css|svg)$/

/**
 * Builds the web app into the server's package, unless it is built from these sources already: with the files that
 * browsers take compressed, and the licences of what is in them.
 */
export async function buildWeb(): Promise<void> {
  const stamp = await stampOf()
  if ((await readFile(join(builtWeb, stampFile), 'utf8').catch(() => '')) === stamp) return
  // Beside its place, so that a server that runs has one or the other, and a build that fails changes nothing.
  const folder = await mkdtemp(join(root, 'packages/server/.build-web-'))
  try {
    const { build } = await import('vite')
    await build({
      configFile: join(sources, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    })
    await compressBelow(folder)
    await writeFile(join(folder, 'licenses.txt'), await licenses())
    await writeFile(join(folder, 'languages.json'), JSON.stringify(await languages()))
    await writeFile(join(folder, stampFile), stamp)
    await chmod(folder, 0o755)
    await rm(builtWeb, { recursive: true, force: true })
    await rename(folder, builtWeb)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns a text that changes with every source and every version of a library. */
async function stampOf(): Promise<string> {
  const files = [join(root, 'package-lock.json'), join(root, 'build/web.ts')]
  const own = glob('**/*', { cwd: sources, exclude: ({ name }) => name === 'node_modules', withFileTypes: true })
  for await (const entry of own) if (entry.isFile()) files.push(join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file))
  return hash.digest('hex')
}

async function compressBelow(folder: string): Promise<void> {
  for await (const name of glob('assets/*', { cwd: folder })) {
    if (!compressible.test(name)) continue
    const file = join(folder, name)
    const bytes = await readFile(file)
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, brotli))
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
  }
}

/** Returns the codes of the languages that the app has texts in. */
async function languages(): Promise<string[]> {
  const files = await Array.fromAsync(glob('*.ts', { cwd: join(sources, 'src/words/languages') }))
  return files.map((file) => file.replace(/\.ts$/, '')).sort()
}

/** The packages whose code or fonts are in the built files. */
const bundled = [
  'react',
  'react-dom',
  'scheduler',
  '@tanstack/react-query',
  '@tanstack/query-core',
  'wouter',
  'regexparam',
  'tailwindcss',
  '@fontsource-variable/figtree',
]

async function licenses(): Promise<string> {
  const texts = bundled.map(async (name) => {
    const home = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    const text = await readFile(join(home, 'LICENSE'), 'utf8').catch(() => '')
    return `${name} ${version}: ${license}\n\n${text}`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n`)
}

// npm runs this once it has installed the packages of a checkout.
if (import.meta.main) await buildWeb()
