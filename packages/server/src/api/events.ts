import type { resources } from '@pinfold/contract'
import type { Caller } from '../core/viewer.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations that count events of Pins and ads. */
export function eventsApi({
  adNumbers,
  analytics,
}: Pick<Services, 'adNumbers' | 'analytics'>): Handlers<typeof resources.events> {
  return {
    send: ({ viewer, caller, body, sender }) =>
      analytics.takeEvents(body.events, {
        ...sender,
        accountId: viewer?.accountId,
        writesAdsOf: caller && writesAds(caller) ? caller.accountId : undefined,
      }),

    async loadHistory({ viewer, caller, body }) {
      const rows = body.rows.map((row, index) => ({ row, index }))
      const [ofAds, ofPins] = [rows.filter(({ row }) => isOfAd(row)), rows.filter(({ row }) => !isOfAd(row))]
      const given = (part: typeof rows) => part.map(({ row }) => row)
      const pins = ofPins.length > 0 ? await analytics.loadHistory(viewer, given(ofPins)) : nothing
      const ads =
        ofAds.length === 0
          ? nothing
          : writesAds(caller)
            ? await adNumbers.loadHistory(caller.accountId, given(ofAds))
            : { loaded: 0, errors: ofAds.map((_, row) => ({ row, message: lacksScope })) }
      const placed = (part: typeof rows, errors: typeof pins.errors) =>
        errors.map(({ row, message }) => ({ row: part[row]?.index ?? row, message }))
      const errors = [...placed(ofPins, pins.errors), ...placed(ofAds, ads.errors)].sort((a, b) => a.row - b.row)
      return { loaded: pins.loaded + ads.loaded, errors }
    },
  }
}

const writesAds = ({ scopes }: Caller): boolean => scopes.has('ads:write')
const isOfAd = (row: unknown): boolean => typeof row === 'object' && row !== null && 'ad_id' in row
const nothing: { loaded: number; errors: { row: number; message: string }[] } = { loaded: 0, errors: [] }
const lacksScope = "'ad_id': the token needs ads:write for the numbers of ads."
