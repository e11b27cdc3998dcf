import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder, and those above it that are not there. What it makes is this user's alone, unless `mode` says
 * otherwise; what is there is left as it is. Throws the system's error.
 *
 * Node's own `recursive` tries for ever where a folder takes no folders and says that there is none, as /proc does.
 */
export function makeFolder(path: string, mode = 0o700): void {
  if (isFolder(path)) return
  if (!isFolder(dirname(path))) makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (!isFolder(path)) throw error // Somebody else may just have made it.
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Makes an empty file that is this user's alone, whatever the folder's mode. One that is there is left as it is. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}
