/** Features that Pinterest opens to some apps only, by the names that its refusals give them. */
export const restrictedFeatures = ['pin_edit', 'pin_search', 'multi_pin_analytics'] as const
/** One of them. */
export type RestrictedFeature = (typeof restrictedFeatures)[number]
