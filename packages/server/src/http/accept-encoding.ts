/**
 * Chooses the encoding of an answer: of those that `Accept-Encoding` accepts, the preferred one, and of equals the
 * first. `identity` if it accepts none of them (RFC 9110, 12.5.3).
 */
export function chooseEncoding<Encoding extends string>(
  acceptEncoding: string | undefined,
  encodings: readonly Encoding[],
): Encoding | 'identity' {
  if (acceptEncoding === undefined) return 'identity'
  const weights = new Map<string, number>()
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim())
    const weight = parameters.find((text) => text.startsWith('q='))?.slice(2)
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0)
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0
  const least = weights.get('identity') ?? 0
  const best = encodings.reduce<Encoding | undefined>(
    (found, name) => (weightOf(name) > (found === undefined ? 0 : weightOf(found)) ? name : found),
    undefined,
  )
  return best !== undefined && weightOf(best) >= least ? best : 'identity'
}
