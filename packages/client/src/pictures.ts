/** A picture: the path of a file (in Node, Bun and Deno), its bytes, or a Blob or File (in browsers). */
export type Picture = string | URL | Uint8Array | ArrayBuffer | Blob

/** Returns a picture's bytes. */
export async function bytesOf(picture: Picture): Promise<Uint8Array> {
  if (picture instanceof Uint8Array) return picture
  if (picture instanceof ArrayBuffer) return new Uint8Array(picture)
  if (picture instanceof Blob) return new Uint8Array(await picture.arrayBuffer())
  const { readFile } = await import(/* webpackIgnore: true */ 'node:fs/promises')
  return readFile(picture)
}

/** Returns a picture's media type. Pinterest accepts JPEG and PNG; the service refuses anything else. */
export function contentType(bytes: Uint8Array): 'image/png' | 'image/jpeg' {
  return bytes[0] === 0x89 && bytes[1] === 0x50 ? 'image/png' : 'image/jpeg'
}

/** Encodes in pieces: a picture has more bytes than a call may have arguments. */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}
