import { restoreManifest } from './lend-manifest.ts'

// npm runs this in a package's folder when it has packed. To publish, it reads the manifest again afterwards, so that
// one stays in place until npm has ended.

if (process.env.npm_command !== 'publish') await restoreManifest(process.cwd())
