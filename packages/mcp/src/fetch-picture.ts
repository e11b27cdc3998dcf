const mostBytes = 20 * 1024 * 1024
const timeoutMs = 15_000

/** Fetches a picture that the service has named, within bounds of size and time. Throws if it cannot be had. */
export async function fetchPicture(url: string, signal: AbortSignal): Promise<Uint8Array> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new Error(`${url} is no address of a picture.`)
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
  if (!response.ok || !response.body) throw new Error(`The picture was answered with ${response.status}.`)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body) {
    length += part.length
    if (length > mostBytes) throw new Error('The picture is larger than 20 MB.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
