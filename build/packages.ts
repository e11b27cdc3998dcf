import { copyFile, cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { buildClient } from '../packages/client/build/build.ts'
import { bundleMcp, bundleServer } from './bundle.ts'
import { renameTypeImports, root, tsc } from './compile.ts'
import { drawDemo } from './draw-demo.ts'
import { publishedManifest, readManifest, writeManifest } from './manifest.ts'
import { buildWeb, builtWeb } from './web.ts'

/** The packages that are published, by their folder in `packages`. */
export const publishedPackages = ['contract', 'demo-pictures', 'client', 'mcp', 'server', 'cli'] as const

export type PackageName = (typeof publishedPackages)[number]

export const homeOf = (name: PackageName): string => join(root, 'packages', name)
const distOf = (name: PackageName) => join(homeOf(name), 'dist')

/** Returns the folders of sources in a package. The command has two: its entry is CommonJS, and the rest is not. */
const sourceFolders = (name: PackageName) => (name === 'cli' ? ['src', 'program'] : ['src'])

/** The folder that `dist` mirrors: the only folder of sources, or the package with its two. */
const sourceRoot = (name: PackageName) => (name === 'cli' ? '.' : 'src')

/**
 * Builds packages into their `dist`, or into the folder that `to` returns: JavaScript, source maps with the sources,
 * and types. Throws the compiler's messages if the sources have errors.
 */
export async function buildPackages(names: readonly PackageName[], to = distOf): Promise<void> {
  if (names.includes('demo-pictures')) await drawDemo()
  if (names.includes('server')) await buildWeb()
  const compiled = names.filter((name) => name !== 'client')
  if (compiled.length > 0) await compile(compiled, to)
  if (names.includes('client')) await buildClient(to('client'))
}

/** Builds packages into `folder`, each in a folder with its name, as npm would unpack them. */
export async function assemblePackages(names: readonly PackageName[], folder: string): Promise<void> {
  await buildPackages(names, (name) => join(folder, name, 'dist'))
  for (const name of names) {
    await copyFile(join(root, 'LICENSE'), join(folder, name, 'LICENSE'))
    await copyFile(join(homeOf(name), 'README.md'), join(folder, name, 'README.md'))
    if (name === 'server') await cp(builtWeb, join(folder, name, 'web'), { recursive: true })
    await writeManifest(join(folder, name), publishedManifest(await readManifest(homeOf(name))))
  }
}

/** Runs the compiler once for all: they import each other's sources. */
async function compile(names: readonly PackageName[], to: typeof distOf): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'pinfold-build-'))
  try {
    const compilerOptions = {
      noEmit: false,
      sourceMap: true,
      // The entry of the command.
      allowJs: true,
      inlineSources: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(root, 'packages'),
      outDir: join(out, 'packages'),
      typeRoots: [join(root, 'node_modules/@types')],
    }
    const include = names.flatMap((name) => sourceFolders(name).map((folder) => join(homeOf(name), folder)))
    await tsc(out, { compilerOptions, include })
    for (const name of names) await collect(name, join(out, 'packages', name), to(name))
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

/** Copies the compiler's output for a package into `dist`, with the files that need no compiler. */
async function collect(name: PackageName, compiled: string, dist: string): Promise<void> {
  await rm(dist, { recursive: true, force: true })
  await cp(join(compiled, sourceRoot(name)), dist, { recursive: true })
  if (name === 'cli') await makeProgram(dist)
  const writeBundle = bundles[name]
  if (writeBundle) await replaceByBundle(dist, writeBundle)
  await renameTypeImports(dist)
  if (!writeBundle) await nameSources(name, dist)
  const base = join(homeOf(name), sourceRoot(name))
  for (const folder of sourceFolders(name).map((each) => join(homeOf(name), each)))
    await cp(folder, join(dist, relative(base, folder)), { recursive: true, filter: (path) => !/\.[jt]s$/.test(path) })
}

/**
 * Makes the command's program. Nobody imports it, so it has no types. Its first line must work with every system's
 * `env`.
 */
async function makeProgram(dist: string): Promise<void> {
  for await (const file of glob('**/*.d.ts', { cwd: dist })) await rm(join(dist, file))
  const main = join(dist, 'src/main.js')
  await writeFile(main, (await readFile(main, 'utf8')).replace(/^#!.*/, '#!/usr/bin/env node'))
}

/** The packages that are published in few files, with their libraries. */
const bundles: Partial<Record<PackageName, (folder: string) => Promise<void>>> = {
  mcp: bundleMcp,
  server: bundleServer,
}

/** Puts a bundle in place of a package's modules, of which the types stay. */
async function replaceByBundle(dist: string, write: (folder: string) => Promise<void>): Promise<void> {
  for await (const file of glob('**/*.{js,js.map}', { cwd: dist })) await rm(join(dist, file))
  await write(dist)
}

/** Makes source maps name the sources relative to the package's folder, wherever the compiler put its files. */
async function nameSources(name: PackageName, dist: string): Promise<void> {
  for await (const file of glob('**/*.js.map', { cwd: dist })) {
    const module = file.replace(/\.js\.map$/, '')
    const source = join('..', sourceRoot(name), module === 'src/main' ? `${module}.js` : `${module}.ts`)
    const map = JSON.parse(await readFile(join(dist, file), 'utf8'))
    await writeFile(join(dist, file), JSON.stringify({ ...map, sources: [relative(dirname(file), source)] }))
  }
}
