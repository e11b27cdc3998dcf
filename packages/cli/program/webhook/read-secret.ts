import { readFileSync } from 'node:fs'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** Reads the secret of a webhook from a file; never from an argument, which every user of the machine can list. Throws `CommandError`. */
export function readSecret(file: string): string {
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new CommandError(`Cannot read the secret: ${(error as Error).message}`, exitCodes.usage)
  }
  if (/^whsec_[A-Za-z0-9+/]+=*$/.test(secret)) return secret
  throw new CommandError(`There is no secret of a webhook in ${file}: it begins with whsec_.`, exitCodes.usage)
}
