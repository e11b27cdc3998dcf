import type { Country, Currency } from '@pinfold/contract'

const inEuros: readonly Country[] = [
  ...(['AT', 'BE', 'BG', 'CY', 'DE', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR'] as const),
  ...(['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PT', 'SI', 'SK'] as const),
]

/** What is paid with where: the countries whose money is one that ad accounts take. */
const currencies = new Map<Country, Currency>([
  ...inEuros.map((country): [Country, Currency] => [country, 'EUR']),
  ['AR', 'ARS'],
  ['AU', 'AUD'],
  ['BR', 'BRL'],
  ['CA', 'CAD'],
  ['CH', 'CHF'],
  ['CL', 'CLP'],
  ['CO', 'COP'],
  ['CZ', 'CZK'],
  ['DK', 'DKK'],
  ['GB', 'GBP'],
  ['HK', 'HKD'],
  ['HU', 'HUF'],
  ['IL', 'ILS'],
  ['IN', 'INR'],
  ['JP', 'JPY'],
  ['KR', 'KRW'],
  ['MX', 'MXN'],
  ['NO', 'NOK'],
  ['NZ', 'NZD'],
  ['PL', 'PLN'],
  ['RO', 'RON'],
  ['SE', 'SEK'],
  ['SG', 'SGD'],
  ['TR', 'TRY'],
  ['US', 'USD'],
])

/** A country that an ad account can be in. */
export interface AdAccountCountry {
  /** As the two letters of ISO 3166-1. */
  code: Country
  /** What is paid with there, by ISO 4217. */
  currency: Currency
  /** Its place in the list, from 1 on. */
  index: number
  /** Its name in English. */
  name: string
}

/** Returns what is paid with in a country, or US dollars where ad accounts do not take that. */
export const currencyOf = (country: Country): Currency => currencies.get(country) ?? 'USD'

/** Returns the countries in which one can pay with a currency that ad accounts take, by name. */
export function adAccountCountries(): AdAccountCountry[] {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  return [...currencies]
    .map(([code, currency]) => ({ code, currency, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((country, index) => ({ ...country, index: index + 1 }))
}
