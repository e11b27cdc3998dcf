import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The `package.json` of the published package: that of the workspace, with built files for sources. */
export async function manifest(home: string, entries: readonly string[]): Promise<object> {
  const own = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
  const { scripts: _scripts, devDependencies: _development, exports: _sources, ...rest } = own
  const files = (folder: string, name: string) => ({
    types: `./${folder}/${name}.d.ts`,
    default: `./${folder}/${name}.js`,
  })
  const exports = entries.map((name) => [
    name === 'index' ? '.' : `./${name}`,
    { import: files('esm', name), require: files('cjs', name) },
  ])
  return {
    ...rest,
    exports: { ...Object.fromEntries(exports), './package.json': './package.json' },
    // For tools that know no `exports`.
    main: './cjs/index.js',
    types: './cjs/index.d.ts',
    // Bundlers for browsers leave it out; it is loaded when a picture is given as a path, which no browser can read.
    browser: { 'node:fs/promises': false },
    sideEffects: false,
  }
}
