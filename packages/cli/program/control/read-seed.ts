import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** The parts of a seed file that name pictures. */
interface Seed {
  accounts?: { boards?: { pins?: { image?: unknown }[] }[] }[]
}

/** Reads a seed file, with its pictures in it. The server checks the rest. Throws `CommandError`. */
export async function readSeed(path: string): Promise<Seed> {
  const seed = await parsed(path)
  const pins = list(seed.accounts).flatMap(({ boards }) => list(boards).flatMap((board) => list(board?.pins)))
  for (const pin of pins)
    if (typeof pin.image === 'string' && !pin.image.startsWith('data:'))
      pin.image = await asAddress(resolve(dirname(path), pin.image))
  return seed
}

const list = <T extends object>(given: T[] | undefined): T[] =>
  Array.isArray(given) ? given.filter((item) => typeof item === 'object' && item !== null) : []

async function parsed(path: string): Promise<Seed> {
  const text = (await read(path)).toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    throw new CommandError(`${path} is not valid JSON: ${(error as Error).message}`, exitCodes.usage)
  }
  throw new CommandError(`${path} must hold a JSON object.`, exitCodes.usage)
}

async function asAddress(image: string): Promise<string> {
  const type = extname(image).slice(1).toLowerCase().replace('jpg', 'jpeg') || 'jpeg'
  return `data:image/${type};base64,${(await read(image)).toString('base64')}`
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new CommandError(`Cannot read ${path}: ${(error as Error).message}`, exitCodes.usage)
  }
}
