import { copyFile, glob, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder, licensesOf } from './built-folder.ts'
import { root } from './compile.ts'

const server = join(root, 'packages/server')
/** The server in few files, which start in half the time of its sources. `npm start` runs it, and the tests do. */
const builtServer = join(server, 'bundle')

/** The modules that others import, by the name of their file in the bundle. */
const entries = {
  index: 'index',
  'app/defaults': 'app/defaults',
  'app/seed/demo-credentials': 'app/seed/demo-credentials',
  'core/make-folder': 'core/make-folder',
  // Programs of their own, which the server looks for beside itself.
  'picture-process': 'domains/media/picture-process',
  'checkpoint-thread': 'db/checkpoint-thread',
}

/** What stays outside: what few servers load, and what has files of its own beside its code. */
const outside =
  /^(sharp|undici|pg|ioredis|@opentelemetry\/sdk-node|mediabunny|pino-pretty|@aws-sdk\/[^/]+|@scalar\/fastify-api-reference|@pinfold\/(client|demo-pictures|mcp))$/

/** Writes the server into `folder`, with source maps and the licences of the libraries that are in it. */
export async function bundleServer(folder: string): Promise<void> {
  const input = Object.entries(entries).map(([name, file]) => [name, join(server, `src/${file}.ts`)])
  await bundle(folder, Object.fromEntries(input), outside)
}

/** Writes the tools for agents into `folder`: with the SDK, of which most is not used, and which is 20 MB installed. */
export async function bundleMcp(folder: string): Promise<void> {
  await bundle(folder, { index: join(root, 'packages/mcp/src/index.ts') }, /^(sharp|@pinfold\/(client|contract))$/)
}

const cli = join(root, 'packages/cli')
/** The command in few files: without it every command would load two hundred modules, which takes half of its CPU. */
const builtCli = join(cli, 'bundle')

/** Writes the command into `folder`, with the client and the tools for agents; the server has a bundle of its own. */
async function bundleCli(folder: string): Promise<void> {
  const program = join(cli, 'program')
  const input = { program: `${program}/program.ts`, background: `${program}/exec/background.ts` }
  await bundle(folder, input, /^(sharp|mockttp|@pinfold\/(server|demo-pictures)(\/.*)?)$/)
  // What programs under `pinfold exec` load.
  for (const file of ['preload.cjs', 'sitecustomize.py']) await copyFile(`${program}/exec/${file}`, join(folder, file))
}

async function bundle(folder: string, input: Record<string, string>, external: RegExp): Promise<void> {
  const { rolldown } = await import('rolldown')
  const build = await rolldown({
    input,
    platform: 'node',
    external,
    transform: { target: 'esnext' },
    logLevel: 'warn',
  })
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks-[hash].js',
    sourcemap: true,
    // Places in the sources are named all the same; the texts would be 5 MB more to install.
    sourcemapExcludeSources: true,
    // Names stay, so that the stack of an error can be read.
    minify: { mangle: false, compress: false, codegen: true },
  })
  await build.close()
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  await writeFile(join(folder, 'licenses.txt'), await licensesOf(librariesOf(modules)))
}

/** Returns the folders of the libraries that modules are from. */
function librariesOf(modules: readonly string[]): string[] {
  const homes = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/@]+(?=\/)/.exec(id)?.[0])
  return [...new Set(homes)].filter((home) => home !== undefined).toSorted()
}

/** Bundles server and command of a checkout, unless they are from these sources already. Vitest calls it before the tests. */
export async function setup(): Promise<void> {
  const sourcesIn = (pattern: string) => Array.fromAsync(glob(pattern, { cwd: root }))
  const ofServer = await sourcesIn('packages/{server,contract}/src/**/*.ts')
  const ofCli = await sourcesIn('packages/{cli/{program,src},client/src,contract/src,mcp/src}/**/*.{ts,cjs,py}')
  await buildFolder(builtServer, [...ofServer, 'build/bundle.ts'], bundleServer)
  await buildFolder(builtCli, [...ofCli, 'build/bundle.ts'], bundleCli)
}

// npm runs this once it has installed the packages of a checkout, and before it starts the server.
if (import.meta.main) await setup()
