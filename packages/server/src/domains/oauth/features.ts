import { type RestrictedFeature, restrictedFeatures } from '@pinfold/contract'
import type { AppRow } from './store.ts'

const none: ReadonlySet<RestrictedFeature> = new Set()
const all: ReadonlySet<RestrictedFeature> = new Set(restrictedFeatures)

/** Returns the restricted features of an app: its own, or else, on the standard tier, all. */
export function featuresOf({ features, tier }: Pick<AppRow, 'features' | 'tier'>): ReadonlySet<RestrictedFeature> {
  if (features === null) return tier === 'trial' ? none : all
  const given: string[] = JSON.parse(features)
  return new Set(restrictedFeatures.filter((name) => given.includes(name)))
}
