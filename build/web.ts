import { glob, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { buildFolder, licensesOf } from './built-folder.ts'
import { root } from './compile.ts'

/** The sources of the web app, and the folder from which the server serves what is built from them. */
const sources = join(root, 'packages/web')
export const builtWeb: string = join(root, 'packages/server/web')

/** What is worth compressing; fonts and pictures are already. */
const compressible = /\.(js|css|svg)$/

/**
 * Builds the web app into the server's package, unless it is built from these sources already: with the files that
 * browsers take compressed, and the licences of what is in them.
 */
export async function buildWeb(): Promise<void> {
  await buildFolder(builtWeb, [...(await filesOf(sources)), 'build/web.ts'], async (folder) => {
    const { build } = await import('vite')
    await build({
      configFile: join(sources, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    })
    await compressBelow(folder)
    await writeFile(
      join(folder, 'licenses.txt'),
      await licensesOf(bundled.map((name) => join(root, 'node_modules', name))),
    )
    await writeFile(join(folder, 'languages.json'), JSON.stringify(await languages()))
  })
}

/** Returns the files below `folder`, relative to the workspace. */
async function filesOf(folder: string): Promise<string[]> {
  const own = glob('**/*', { cwd: folder, exclude: ({ name }) => name === 'node_modules', withFileTypes: true })
  const entries = await Array.fromAsync(own)
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
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

// npm runs this once it has installed the packages of a checkout.
if (import.meta.main) await buildWeb()
