import { isWelcome } from './file-types.ts'
import type { Source } from './queue.ts'

/** What was dropped or pasted, read while the browser still gives it away. */
export interface Dropped {
  entries: readonly FileSystemEntry[]
  files: readonly File[]
  /** Addresses, a line each. */
  addresses: string
}

/** Takes what there is from a drop or from the clipboard. */
export function take(data: DataTransfer): Dropped {
  return {
    entries: [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []),
    files: [...data.files],
    addresses: data.getData('text/uri-list') || data.getData('text/plain'),
  }
}

/** Returns the addresses of a text, a line each. Whatever is none is left out. */
export function addressesIn(text: string): string[] {
  const lines = text.split(/\s+/).filter((line) => /^https?:\/\//i.test(line) && URL.canParse(line))
  return [...new Set(lines)]
}

/** Reads the pictures and videos of what was dropped: files, those of folders and of folders in them; or else addresses. */
export async function sourcesOf({ entries, files, addresses }: Dropped): Promise<Source[]> {
  const isFolder = entries.some((entry) => entry.isDirectory)
  const found = isFolder ? (await Promise.all(entries.map(filesBelow))).flat() : files
  if (found.length > 0) return found.map((file) => ({ file }))
  return addressesIn(addresses).map((url) => ({ url }))
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))]
  if (!isDirectory(entry)) return []
  const found: File[] = []
  const reader = entry.createReader()
  // A reader gives its entries in parts, and an empty part at the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) break
    for (const each of part) if (!each.name.startsWith('.')) found.push(...(await filesBelow(each)))
  }
  // Beside them a folder has other things; these are not what somebody meant.
  return found.filter(isWelcome)
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
