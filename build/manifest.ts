import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The fields of a `package.json` that are used here. */
export interface Manifest {
  name: string
  exports?: Record<string, string | { default: string }>
  imports?: Record<string, { default: string }>
  bin?: Record<string, string>
  [field: string]: unknown
}

type Conditions = Record<string, string | Record<string, string>>

/** Reads the `package.json` of a package in the workspace, which names sources. */
export async function readManifest(home: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
}

export async function writeManifest(home: string, manifest: object): Promise<void> {
  await writeFile(join(home, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Returns the published `package.json`: that of the workspace, with built files in place of sources. */
export function publishedManifest(own: Manifest): object {
  const { scripts: _scripts, devDependencies: _development, exports, imports, bin, ...rest } = own
  const conditionsOf = own.name === '@pinfold/client' ? importAndRequire : importOnly
  return {
    ...rest,
    ...(bin && { bin: mapValues(bin, (source) => `dist/${source.replace(/\.ts$/, '.js')}`) }),
    ...(imports && {
      imports: mapValues(imports, (source) => source.default.replace(/^\.\/(.*)\.ts$/, './dist/$1.js')),
    }),
    exports: {
      ...mapValues(exports ?? {}, (source) => conditionsOf(moduleOf(source))),
      './package.json': './package.json',
    },
    // For tools that do not support `exports`.
    ...(own.name === '@pinfold/client' && { main: './dist/cjs/index.js', types: './dist/cjs/index.d.ts' }),
  }
}

/** Returns the name of the module in `src` that an export of the workspace's manifest has. */
function moduleOf(source: string | { default: string }): string {
  const path = typeof source === 'string' ? source : source.default
  return path.replace(/^\.\/src\/(.*)\.ts$/, '$1')
}

const filesOf = (path: string): Record<string, string> => ({
  types: `./dist/${path}.d.ts`,
  default: `./dist/${path}.js`,
})

const importOnly = (module: string): Conditions => filesOf(module)

const importAndRequire = (module: string): Conditions => ({
  import: filesOf(`esm/${module}`),
  require: filesOf(`cjs/${module}`),
})

const mapValues = <In, Out>(values: Record<string, In>, map: (value: In) => Out): Record<string, Out> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
