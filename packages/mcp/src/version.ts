import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** The version of the tools, read from the `package.json`, the only place where it is written. */
export const version: string = readVersion()

function readVersion(): string {
  const file = findPackageJSON(import.meta.url)
  if (file === undefined) throw new Error('The package.json of the tools is not there.')
  return JSON.parse(readFileSync(file, 'utf8')).version
}
