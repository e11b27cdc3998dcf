import type { AdRejectedReason, CreativeType, EntityStatus, OperationInput, resources } from '@pinfold/contract'
import type { Schema } from '../../db/schema.ts'
import { pick, said } from './given.ts'
import { keptTrackingUrls } from './tracking-urls.ts'

export type NewAd = OperationInput<typeof resources.ads.create>['body'][number]
export type AdChange = OperationInput<typeof resources.ads.update>['body'][number]
/** A row of ads. */
export type AdRow = Schema['ads']

/** What is unset unless it is said, and null then. */
const unset = {
  ...{ name: null, destination_url: null, android_deep_link: null, ios_deep_link: null, lead_form_id: null },
  ...{ carousel_destination_urls: null, carousel_android_deep_links: null, carousel_ios_deep_links: null },
  ...{ click_tracking_url: null, view_tracking_url: null, disclosure_type: null, disclosure_url: null },
  ...{ collections_header_type: null, collection_items_destination_url_template: null, quiz_pin_data: null },
  ...{ customizable_cta_type: null, tracking_urls: null },
} as const
type Unset = { [Name in keyof typeof unset]: NonNullable<NewAd[Name]> | null }

/** What is kept of an ad, under the names of the API. */
export interface AdSettings extends Unset {
  status: EntityStatus
  creative_type: CreativeType
  grid_click_type: 'CLOSEUP' | 'DIRECT_TO_DESTINATION'
  is_removable: boolean
  is_carting: boolean
  is_collage_accepted_terms?: boolean
  is_collage_single_destination?: boolean
  /** What the review has against it. */
  rejected_reasons: AdRejectedReason[]
  rejection_labels: string[]
}

/** What of an ad people see, or where it leads: a change of it is reviewed. */
export const reviewed = [
  ...(['creative_type', 'destination_url', 'android_deep_link', 'ios_deep_link', 'carousel_destination_urls'] as const),
  ...(['carousel_android_deep_links', 'carousel_ios_deep_links', 'quiz_pin_data', 'lead_form_id'] as const),
  ...(['collections_header_type', 'collection_items_destination_url_template', 'customizable_cta_type'] as const),
  ...(['disclosure_type', 'disclosure_url'] as const),
] as const

const asSent = [
  ...(Object.keys(unset) as (keyof typeof unset)[]),
  ...(['status', 'creative_type', 'is_removable', 'is_carting'] as const),
  ...(['is_collage_accepted_terms', 'is_collage_single_destination'] as const),
]

/** An ad: its row, and what is kept of it. */
export interface Ad {
  /** Its row, whose `data` has the settings. */
  row: AdRow
  /** What is kept of it. */
  settings: AdSettings
}

/** Reads an ad from its row. */
export const adOf = (row: AdRow): Ad => ({ row, settings: JSON.parse(row.data) })

/** Returns the columns that follow from the settings. */
export const columnsOf = (settings: AdSettings): Pick<AdRow, 'status' | 'data'> => ({
  status: settings.status,
  data: JSON.stringify(settings),
})

/** Returns the settings of a new ad. `link`: its Pin's. */
export function newSettings(given: NewAd, link: string | null): AdSettings {
  const { tracking_urls, ...rest } = said(given)
  const settings: AdSettings = {
    ...unset,
    ...{ status: 'ACTIVE', creative_type: given.creative_type, is_removable: false, is_carting: false },
    ...{ grid_click_type: 'CLOSEUP', rejected_reasons: [], rejection_labels: [] },
    ...(pick(rest, asSent as never) as Partial<AdSettings>),
    tracking_urls: keptTrackingUrls(tracking_urls),
  }
  return withClickType(settings, link)
}

/** Returns the settings after a change. `link`: the Pin's. */
export function changedSettings(before: AdSettings, change: AdChange, link: string | null): AdSettings {
  const { tracking_urls } = change
  const cleared = Object.entries(unset).filter(([name]) => change[name as keyof AdChange] === null)
  const settings: AdSettings = {
    ...before,
    ...Object.fromEntries(cleared),
    ...(pick(said(change), asSent as never) as Partial<AdSettings>),
    tracking_urls: tracking_urls === undefined ? before.tracking_urls : keptTrackingUrls(tracking_urls),
  }
  return withClickType(settings, link)
}

/** Returns whether the review has to look at an ad again. */
export const isReviewedAgain = (before: Ad, after: Ad): boolean =>
  before.row.pin_id !== after.row.pin_id ||
  reviewed.some((name) => JSON.stringify(before.settings[name]) !== JSON.stringify(after.settings[name]))

const withClickType = (settings: AdSettings, link: string | null): AdSettings => ({
  ...settings,
  grid_click_type: (settings.destination_url ?? link) ? 'DIRECT_TO_DESTINATION' : 'CLOSEUP',
})
