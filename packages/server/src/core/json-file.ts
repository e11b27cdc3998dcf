import { readFileSync } from 'node:fs'
import { ConfigError } from './errors.ts'

/** Reads a file that holds a JSON object. `what` names it in messages. Throws `ConfigError`. */
export function readJsonFile(path: string, what: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`Cannot read the ${what} file ${path}: ${(error as Error).message}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`The ${what} file ${path} is not valid JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`The ${what} file ${path} must hold a JSON object.`)
  return value as Record<string, unknown>
}
