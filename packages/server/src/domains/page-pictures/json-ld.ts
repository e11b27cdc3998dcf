/** A picture that a page tells of in JSON-LD. */
export interface ToldPicture {
  address: string
  width: number | null
  height: number | null
}

const mostSteps = 2000
const pictureKeys = ['image', 'primaryImageOfPage', 'thumbnailUrl']

/** Returns the pictures of a text of JSON-LD (schema.org), in its order; none if it is no JSON. */
export function picturesInJson(text: string): ToldPicture[] {
  const found: ToldPicture[] = []
  const waiting: { value: unknown; isPicture: boolean }[] = [{ value: parsed(text), isPicture: false }]
  for (let step = 0; step < mostSteps; step++) {
    const next = waiting.shift()
    if (!next) break
    const { value, isPicture } = next
    if (typeof value === 'string' && isPicture) found.push({ address: value, width: null, height: null })
    if (Array.isArray(value)) waiting.push(...value.slice(0, mostSteps).map((each) => ({ value: each, isPicture })))
    else if (isObject(value)) {
      const picture = isPicture || value['@type'] === 'ImageObject' ? pictureOf(value) : undefined
      if (picture) found.push(picture)
      else
        for (const [key, child] of Object.entries(value).slice(0, mostSteps))
          waiting.push({ value: child, isPicture: pictureKeys.includes(key) })
    }
  }
  return found
}

function pictureOf({ contentUrl, url, width, height }: Record<string, unknown>): ToldPicture | undefined {
  const address = [contentUrl, url].find((each) => typeof each === 'string')
  return address === undefined ? undefined : { address, width: pixels(width), height: pixels(height) }
}

function pixels(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseInt(value, 10) : value
  return typeof number === 'number' && number > 0 && number < 100_000 ? Math.round(number) : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
