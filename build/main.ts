import { buildPackages, publishedPackages } from './packages.ts'

// npm run build [-- client server …]: builds the published packages, or those named, into their `dist`.

const names = process.argv.slice(2)
const unknown = names.find((name) => !publishedPackages.some((known) => known === name))
if (unknown !== undefined) {
  console.error(`There is no package ${unknown} to build. There are: ${publishedPackages.join(', ')}.`)
  process.exit(2)
}
const chosen = publishedPackages.filter((name) => names.length === 0 || names.includes(name))
await buildPackages(chosen)
for (const name of chosen) console.log(`packages/${name}/dist`)
