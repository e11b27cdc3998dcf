import type { BillableEvent, Country, Currency, Objective } from '@pinfold/contract'
import type { TargetingSpec } from './targeting/spec.ts'

/** What a bid would be for. */
export interface BidFloorSpec {
  /** What is paid for. */
  billable_event: BillableEvent
  /** What the floor is told in. */
  currency: Currency
  /** Where ads are shown. */
  countries?: readonly Country[]
  objective_type?: Objective
}

/** In millionths of a US dollar: a click, a thousand impressions, a video that is watched by half. */
const floors: Record<BillableEvent, number> = { CLICKTHROUGH: 100_000, IMPRESSION: 2_000_000, VIDEO_V_50_MRC: 20_000 }

/** How many units of a currency a US dollar is, roughly and always. */
const rates: Record<Currency, number> = {
  ...{ UNK: 1, USD: 1, GBP: 0.8, CAD: 1.4, EUR: 0.9, AUD: 1.5, NZD: 1.7, SEK: 10, ILS: 3.6, CHF: 0.9, HKD: 7.8 },
  ...{ JPY: 150, SGD: 1.3, KRW: 1400, NOK: 10.5, DKK: 6.8, PLN: 4, RON: 4.5, HUF: 350, CZK: 23, BRL: 5.5, MXN: 19 },
  ...{ ARS: 1000, CLP: 950, COP: 4100, INR: 85, TRY: 40 },
}

/** Where most is bid, and where something less. Elsewhere half of it is enough. */
const dear: readonly string[] = ['US', 'GB', 'CA', 'AU', 'CH', 'NO']
const medium: readonly string[] = ['DE', 'FR', 'NL', 'SE', 'DK', 'FI', 'AT', 'BE', 'IE', 'NZ', 'JP', 'IT', 'ES']

function factorOf(country: string): number {
  if (dear.includes(country)) return 1
  return medium.includes(country) ? 0.75 : 0.5
}

/** Returns the least bid for something, in millionths of its currency: a function of its arguments alone. */
export function bidFloorOf(spec: BidFloorSpec, targeting: TargetingSpec): number {
  const { LOCATION: locations = [] } = targeting
  const places = spec.countries ?? (Array.isArray(locations) ? locations : []).map(countryOf)
  // Where people are dear, bids have to suit them.
  const place = places.length > 0 ? Math.max(...places.map(factorOf)) : 1
  const goal = spec.objective_type === 'WEB_CONVERSION' || spec.objective_type === 'CATALOG_SALES' ? 1.5 : 1
  return Math.round((floors[spec.billable_event] * place * goal * rates[spec.currency]) / 1000) * 1000
}

/** Metropolitan areas are of the US. */
const countryOf = (location: unknown): string => (/^\d+$/.test(String(location)) ? 'US' : String(location))
