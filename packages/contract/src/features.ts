/** Features that Pinterest opens to some apps only, under the names that its refusals use. */
export const restrictedFeatures = ['pin_edit', 'pin_search', 'multi_pin_analytics'] as const
/** One of them. */
export type RestrictedFeature = (typeof restrictedFeatures)[number]
