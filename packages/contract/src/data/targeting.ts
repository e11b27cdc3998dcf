/** What an audience can be chosen by: the kinds of targeting whose values can be listed. */
export const targetingTypes = [
  'APPTYPE',
  'GENDER',
  'LOCALE',
  'AGE_BUCKET',
  'LOCATION',
  'GEO',
  'INTEREST',
  'KEYWORD',
  'AUDIENCE_INCLUDE',
  'AUDIENCE_EXCLUDE',
] as const
/** A kind of targeting. */
export type TargetingType = (typeof targetingTypes)[number]

/** The devices that ads can be for: Pinterest's name for each, and what people call it. */
export const targetingApps = {
  android_mobile: 'Android phones',
  android_tablet: 'Android tablets',
  ipad: 'iPad',
  iphone: 'iPhone',
  web: 'Web on computers',
  web_mobile: 'Web on phones',
} as const
/** A kind of device that ads can be for. */
export type TargetingApp = keyof typeof targetingApps

/** The genders that ads can be for. */
export const targetingGenders = { unknown: 'Not said', male: 'Male', female: 'Female' } as const
/** A gender that ads can be for. */
export type TargetingGender = keyof typeof targetingGenders

/** The ages that ads can be for: ranges, and from an age on. */
export const targetingAges = ['18-24', '19+', '20+', '21+', '25-34', '35-44', '45-49', '50-54', '55-64', '65+'] as const
/** A range of ages that ads can be for. */
export type TargetingAge = (typeof targetingAges)[number]

/** The languages that ads can be for, as ISO 639-1 names them. */
export const targetingLanguages = [
  ...(['cs', 'da', 'de', 'el', 'en', 'es', 'fi', 'fr', 'hu', 'id', 'it', 'ja'] as const),
  ...(['ko', 'nb', 'nl', 'pl', 'pt', 'ro', 'ru', 'sk', 'sv', 'tr', 'uk', 'zh'] as const),
] as const
/** A language that ads can be for. */
export type TargetingLanguage = (typeof targetingLanguages)[number]

/** The countries that advertisers can be in, and that ads can be for. */
export const targetingCountries = [
  ...(['US', 'GB', 'CA', 'IE', 'AU', 'NZ', 'FR', 'SE', 'IL', 'DE', 'AT', 'IT', 'ES', 'NL', 'BE', 'PT'] as const),
  ...(['CH', 'HK', 'JP', 'KR', 'SG', 'NO', 'DK', 'FI', 'CY', 'LU', 'MT', 'PL', 'RO', 'HU', 'CZ', 'GR'] as const),
  ...(['SK', 'BR', 'MX', 'AR', 'CL', 'CO'] as const),
] as const
/** A country that ads can be for. */
export type TargetingCountry = (typeof targetingCountries)[number]

/** How an audience is found: by what is chosen, among people who are new, or among those who were there before. */
export const targetingStrategies = ['CHOOSE_YOUR_OWN', 'FIND_NEW_CUSTOMERS', 'RECONNECT_WITH_USERS'] as const
/** How an audience is found. */
export type TargetingStrategy = (typeof targetingStrategies)[number]

/** Where ads are shown: among what is searched for, among what is looked through, or elsewhere. */
export const placementGroups = ['ALL', 'SEARCH', 'BROWSE', 'OTHER'] as const
/** Where ads are shown. */
export type PlacementGroup = (typeof placementGroups)[number]
