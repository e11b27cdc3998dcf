import { type AppLimits, type RestrictedFeature, restrictedFeatures } from '@pinfold/contract'
import type { AppCaller } from '../../core/viewer.ts'
import type { AppRow } from './store.ts'

const none: ReadonlySet<RestrictedFeature> = new Set()
const all: ReadonlySet<RestrictedFeature> = new Set(restrictedFeatures)

/** Returns what an app may do: its tier, its restricted features, and its own limits. */
export function rightsOf(app: Pick<AppRow, 'tier' | 'features' | 'limits'>): Omit<AppCaller, 'appId'> {
  return { tier: app.tier, features: featuresOf(app), limits: limitsOf(app) }
}

/** Returns the restricted features of an app: its own, or else, on the standard tier, all. */
function featuresOf({ features, tier }: Pick<AppRow, 'features' | 'tier'>): ReadonlySet<RestrictedFeature> {
  if (features === null) return tier === 'trial' ? none : all
  const given: string[] = JSON.parse(features)
  return new Set(restrictedFeatures.filter((name) => given.includes(name)))
}

/** Returns the limits of an app's own; undefined if it has none. */
const limitsOf = ({ limits }: Pick<AppRow, 'limits'>): AppLimits | undefined =>
  limits === null ? undefined : JSON.parse(limits)
