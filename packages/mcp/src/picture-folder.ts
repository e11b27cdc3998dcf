import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import { ToolError } from './tool.ts'

/** The largest picture that is read: what the API takes. */
const mostBytes = 20 * 1024 * 1024

/**
 * Reads a picture from the only folder that is allowed, by its path below it. Throws `ToolError` for a path that leads
 * elsewhere, also through a symbolic link, for what is no file, and for what is no picture.
 */
export async function readPicture(folder: string | undefined, path: string): Promise<Uint8Array> {
  if (folder === undefined)
    throw new ToolError('No pictures are taken from files here: use picture_url, or start with --pictures FOLDER.')
  const parts = partsOf(path)
  const root = await realpath(folder)
  let place = root
  for (const part of parts) {
    place = join(place, part)
    const found = await lstat(place).catch(() => undefined)
    if (!found) throw new ToolError(`There is no file ${quoted(path)} in the folder for pictures.`)
    if (found.isSymbolicLink())
      throw new ToolError(`${quoted(path)} leads through a symbolic link: name the file itself.`)
  }
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  )
  if (!file) throw new ToolError(`${quoted(path)} cannot be read.`)
  try {
    const opened = await file.stat()
    if (!opened.isFile()) throw new ToolError(`${quoted(path)} is no file.`)
    // A folder on the way may have been exchanged for a link since it was looked at.
    const now = await realpath(place)
    const { ino, dev } = await lstat(now)
    if (!now.startsWith(root + sep) || ino !== opened.ino || dev !== opened.dev)
      throw new ToolError(`${quoted(path)} leads out of the folder for pictures.`)
    if (opened.size > mostBytes) throw new ToolError(`${quoted(path)} is larger than 20 MB.`)
    const bytes = await file.readFile()
    if (!isPicture(bytes)) throw new ToolError(`${quoted(path)} is no JPEG, PNG, GIF, WebP or AVIF.`)
    return bytes
  } finally {
    await file.close()
  }
}

/** Returns the names in a path below a folder. Throws for a path that leads out of it. */
function partsOf(path: string): string[] {
  const parts = normalize(path).split(/[\\/]/)
  const leadsOut = isAbsolute(path) || /^[A-Za-z]:/.test(path) || path.includes('\0') || parts.includes('..')
  if (leadsOut || path.trim() === '')
    throw new ToolError(`${quoted(path)} is no path below the folder for pictures, such as "cups/blue.jpg".`)
  return parts.filter((part) => part !== '' && part !== '.')
}

const quoted = (path: string): string => JSON.stringify(path.slice(0, 200))

function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return /^(\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF[\s\S]{4}WEBP|[\s\S]{4}ftypavi)/.test(head)
}
