import type { AdRejectedReason, Objective } from '@pinfold/contract'
import { checkedAddress } from '../../core/fetch-guard.ts'
import type { AdSettings } from './ad-settings.ts'
import type { AdvertisedPin } from './advertised-pins.ts'

/** What the review looks at. */
export interface ReviewedAd {
  settings: AdSettings
  /** Undefined: it is gone. */
  pin: AdvertisedPin | undefined
  objective: Objective
}

/** One thing that the review has against an ad. */
export interface Objection {
  reason: AdRejectedReason
  label: string
}

/** The objectives that are about what people do elsewhere. */
const needLink: readonly Objective[] = [
  ...(['CONSIDERATION', 'WEB_CONVERSION', 'CATALOG_SALES', 'WEB_SESSIONS', 'SALES'] as const),
]

/** Returns what the review has against an ad: nothing approves it. Nothing is fetched. */
export function objectionsTo({ settings, pin, objective }: ReviewedAd): Objection[] {
  if (!pin) return [{ reason: 'OTHER', label: 'The Pin of the ad is gone.' }]
  if (pin.privacy === 'SECRET') return [{ reason: 'OTHER', label: 'The Pin of the ad is on a secret board.' }]
  const carousel = settings.carousel_destination_urls ?? []
  const own = settings.destination_url ?? pin.link
  const links = [...(own ? [own] : []), ...carousel]
  if (links.length === 0 && needLink.includes(objective))
    return [
      {
        reason: 'LANDING_PAGE',
        label: `The ad leads nowhere, and the objective ${objective} needs a link: set 'destination_url', or the link of the Pin.`,
      },
    ]
  const broken = links.find((link) => !leadsToPublicHost(link))
  if (broken === undefined) return []
  return [
    {
      reason: 'LANDING_PAGE_BROKEN',
      label: `This is not the http or https address of a public host: ${broken.slice(0, 100)}`,
    },
  ]
}

/** Names that only lead somewhere at home. */
const homeNames = /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/i

function leadsToPublicHost(link: string): boolean {
  try {
    const { hostname } = checkedAddress(link, { allowLoopback: false })
    return hostname.startsWith('[') || (/[^.]\.[^.]/.test(hostname) && !homeNames.test(hostname))
  } catch {
    return false
  }
}
