import {
  type TargetingType,
  targetingAges,
  targetingApps,
  targetingCountries,
  targetingGenders,
  targetingLanguages,
} from '@pinfold/contract'
import { targetedInterests } from './interests.ts'
import { metros, regions } from './regions.ts'

/** What can be chosen, with what people call it: names by value. */
type Options = Readonly<Record<string, string>>

const countryNames = new Intl.DisplayNames('en', { type: 'region' })
const languageNames = new Intl.DisplayNames('en', { type: 'language' })
const countryName = (code: string): string => countryNames.of(code) ?? code

/** The code and the name of each place in a line such as "501 New York, 504 Philadelphia". */
const placesIn = (line: string): [code: string, name: string][] =>
  line.split(', ').map((place) => {
    const space = place.indexOf(' ')
    return [place.slice(0, space), place.slice(space + 1)]
  })

/** Countries, and the metropolitan areas of the US. */
const locations = (): Options => ({
  ...Object.fromEntries(placesIn(metros).map(([code, name]) => [code, `${countryName('US')}: ${name}`])),
  ...Object.fromEntries(targetingCountries.map((code) => [code, countryName(code)])),
})

/** Parts of countries, by the codes of ISO 3166-2. */
const parts = (): Options =>
  Object.fromEntries(
    Object.entries(regions).flatMap(([country, line]) =>
      placesIn(line).map(([code, name]) => [`${country}-${code}`, `${countryName(country)}: ${name}`]),
    ),
  )

const makers: Record<TargetingType, () => Options> = {
  APPTYPE: () => targetingApps,
  GENDER: () => targetingGenders,
  LOCALE: () => Object.fromEntries(targetingLanguages.map((code) => [code, languageNames.of(code) ?? code])),
  AGE_BUCKET: () => Object.fromEntries(targetingAges.map((range) => [range, range])),
  LOCATION: locations,
  GEO: parts,
  INTEREST: () => Object.fromEntries([...targetedInterests.values()].map(({ id, name }) => [id, name])),
  // Any words are keywords, and there are no audiences yet.
  KEYWORD: () => ({}),
  AUDIENCE_INCLUDE: () => ({}),
  AUDIENCE_EXCLUDE: () => ({}),
}

const made = new Map<TargetingType, Options>()

/** Returns what an audience can be chosen by, for one kind of targeting: what people call each value. */
export function targetingOptions(type: TargetingType): Options {
  const options = made.get(type) ?? makers[type]()
  made.set(type, options)
  return options
}
