import { copyFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { root } from './compile.ts'
import { lendManifest } from './lend-manifest.ts'
import { buildPackages, publishedPackages } from './packages.ts'

// npm runs this in a package's folder before it packs (`npm pack`, `npm publish`).

const home = process.cwd()
const name = publishedPackages.find((each) => each === basename(home))
if (name === undefined) throw new Error(`${home} is no package that is published.`)
await buildPackages([name])
await copyFile(join(root, 'LICENSE'), join(home, 'LICENSE'))
await lendManifest(home)
