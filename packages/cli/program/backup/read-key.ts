import { readFileSync } from 'node:fs'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

/**
 * Reads the key of backups from a file (its first line, or 32 bytes), or else the variable PINFOLD_BACKUP_KEY; never from an
 * argument, which every user of the machine can list. Undefined: there is none. Throws `CommandError`.
 */
export function readKey(file: string | undefined): string | undefined {
  const { PINFOLD_BACKUP_KEY: variable } = process.env
  if (file === undefined) return variable
  if (variable !== undefined)
    throw new CommandError('Give the key in a file or in PINFOLD_BACKUP_KEY, not in both.', exitCodes.usage)
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new CommandError(`Cannot read the key: ${(error as Error).message}`, exitCodes.usage)
  }
  if (bytes.length === 32 && !isText(bytes)) return bytes.toString('hex')
  const key = bytes.toString('utf8').trim()
  if (key === '') throw new CommandError(`There is no key in ${file}.`, exitCodes.usage)
  return key
}

const isText = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
