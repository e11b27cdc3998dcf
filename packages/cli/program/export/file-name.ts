/** Returns a name that every file system accepts: the Pin's id, and the letters and digits of its title. */
export function fileNameOf({ id, title }: { id: string; title?: string | null }, extension: string): string {
  const words = (title ?? '').normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []
  const slug = [...words.join('-').toLowerCase()].slice(0, 40).join('').replace(/-$/, '')
  return `${id}${slug && `-${slug}`}${extension}`
}

const extensions: [beginning: RegExp, extension: string][] = [
  [/^\xff\xd8\xff/, '.jpg'],
  [/^\x89PNG/, '.png'],
  [/^GIF8/, '.gif'],
  [/^RIFF....WEBP/s, '.webp'],
  [/^....ftyp/s, '.avif'],
]

/** Returns the extension for a picture, by its first bytes. Throws if it is not a picture. */
export function extensionOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  const [, extension] = extensions.find(([beginning]) => beginning.test(head)) ?? []
  if (extension === undefined) throw new Error('What was fetched is not a picture.')
  return extension
}
