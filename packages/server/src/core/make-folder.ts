import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder, and missing folders above it. They are readable by this user only, unless `mode` says otherwise;
 * existing ones are left unchanged. Throws the system's error.
 *
 * Node's own `recursive` loops for ever where creating a folder fails with ENOENT, as in /proc.
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

/** Makes an empty file, readable by this user only whatever the folder's mode. Leaves an existing one unchanged. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}
