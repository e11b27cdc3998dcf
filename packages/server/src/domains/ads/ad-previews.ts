import { randomBytes } from 'node:crypto'
import type { OperationInput, resources } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { adOf } from './ad-settings.ts'
import { type AdvertisedPins, mayBeAdvertised } from './advertised-pins.ts'
import { batch, type Outcome, refused } from './batch.ts'
import { entityIdOf, missing } from './entities.ts'
import { type PreviewOf, previewPermits, previewTtlMs } from './preview-permits.ts'
import { entityStore } from './store/entities.ts'
import { type PreviewRow, previewStore } from './store/previews.ts'

export type { PreviewRow } from './store/previews.ts'

/** The path of the pages of previews; `of`: the name of one. */
export const adPreviewPath = '/_pinfold/ad-previews'

type Account = Pick<AdAccountRow, 'id' | 'owner_id'>
type Given = OperationInput<typeof resources.adPreviews.create>['body']

/** What the page of a preview shows. */
export interface ShownPreview {
  /** Who advertises. */
  ownerId: number
  /** The picture: its path below that of media, or its address elsewhere. */
  picture: { path: string } | { url: string }
  /** What stands below the picture. */
  title: string | null
  /** What it says of it. */
  description: string | null
  /** Where it leads. */
  link: string | null
  /** What its button says, as the API has it. */
  callToAction: string | null
  /** What is offered with it. */
  promotion: string | null
}

/** Pages that show Pins and pictures as ads. Whoever knows the name of one can look at it for 7 days. */
export interface AdPreviews {
  /** Makes one of a Pin or a picture, and returns its name. Throws a 400, and `adEntityNotFound`. */
  create(account: Account, given: Given): Promise<string>
  /** Makes those of the first ads of ad groups, each for itself. */
  createOfGroups(account: Account, accountId: number, adGroupIds: readonly string[]): Promise<Outcome<PreviewRow>[]>
  /** Returns those of ad groups that there are. */
  ofGroups(account: Account, adGroupIds: readonly string[]): Promise<PreviewRow[]>
  /** Deletes those of ad groups, each for itself. */
  deleteOfGroups(account: Account, adGroupIds: readonly string[]): Promise<Outcome<true>[]>
  /** Returns what a page shows; undefined if there is no such page, or nothing to show any more. */
  read(name: string): Promise<ShownPreview | undefined>
}

export interface AdPreviewsOptions {
  db: Database
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
  pins: AdvertisedPins
}

/** A name that was made at random, and not signed. */
const randomName = /^[0-9a-f]{32}$/
const [mostAddress, mostTitle] = [2000, 255]

/** Makes the previews over `db`. */
export function adPreviewsOf({ db, clock, key, pins }: AdPreviewsOptions): AdPreviews {
  const store = previewStore(db)
  const [ads, adGroups, promotions] = [
    entityStore(db, 'ads'),
    entityStore(db, 'ad_groups'),
    entityStore(db, 'promotions'),
  ]
  const permits = previewPermits(key, clock)

  async function pinToShow(account: Account, id: string): Promise<number> {
    const number = parseId(id) ?? 0
    const pin = (await pins.byIds([number])).get(number)
    if (!mayBeAdvertised(pin, account.owner_id))
      throw invalid(`'pin_id': the owner of the ad account has no Pin ${id.slice(0, 30)} that may be advertised.`)
    if (!pin.link) throw invalid(`'pin_id': the Pin ${id} has no link, which an ad needs.`)
    return pin.id
  }

  async function promotionTitle(account: Account, id: string | undefined): Promise<string | undefined> {
    if (id === undefined) return undefined
    const row = await promotions.byId(account.id, entityIdOf(id))
    if (!row) throw missing('promotion', id)
    const { promotion_title: title }: { promotion_title?: string } = JSON.parse(row.data)
    return title
  }

  async function whatOf(account: Account, given: Given): Promise<PreviewOf> {
    const ownerId = account.owner_id
    if ('pin_id' in given) return { ownerId, pinId: await pinToShow(account, given.pin_id) }
    if ('catalog_product_group_id' in given) throw missing('product group', given.catalog_product_group_id)
    const { image_url: imageUrl, title, promotion_id: promotion } = given
    const url = imageUrl.length <= mostAddress ? URL.parse(imageUrl) : null
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
      throw invalid(`'image_url' must be an http or https address of at most ${mostAddress} characters.`)
    if (title.length > mostTitle) throw invalid(`'title' must have at most ${mostTitle} characters.`)
    return { ownerId, imageUrl: url.href, title, promotion: await promotionTitle(account, promotion) }
  }

  /** Returns what there is to see of a Pin as an ad. `more`: what its ad says of its own. */
  async function shownPin(
    ownerId: number,
    pinId: number,
    more: Partial<ShownPreview> = {},
  ): Promise<ShownPreview | undefined> {
    const pin = (await pins.byIds([pinId])).get(pinId)
    if (!pin || pin.privacy === 'SECRET') return undefined
    const { title, description, link, picture: path } = pin
    return { ownerId, picture: { path }, title, description, link, callToAction: null, promotion: null, ...more }
  }

  async function shownOfGroup(uuid: string): Promise<ShownPreview | undefined> {
    const row = await store.byUuid(uuid)
    if (!row || row.expires_at <= clock.now()) return undefined
    const adRow = await ads.byId(row.ad_account_id, row.ad_id)
    const pin = (await pins.byIds([row.pin_id])).get(row.pin_id)
    if (!adRow || !pin) return undefined
    const { settings } = adOf(adRow)
    const { destination_url: own, customizable_cta_type: callToAction } = settings
    return shownPin(pin.owner_id, row.pin_id, { callToAction, ...(own !== null && { link: own }) })
  }

  return {
    create: async (account, given) => permits.make(await whatOf(account, given)),

    async createOfGroups(account, accountId, adGroupIds) {
      const known = await adGroups.byIds(account.id, adGroupIds.map(entityIdOf))
      const first = new Map<number, number | undefined>()
      for (const id of known.keys()) first.set(id, await store.firstAd(id))
      const shown = await ads.byIds(
        account.id,
        [...first.values()].flatMap((id) => id ?? []),
      )
      return batch(db, adGroupIds, async (tx, id) => {
        const adGroup = known.has(entityIdOf(id)) && (await adGroups.lock(tx, account.id, entityIdOf(id)))
        if (!adGroup) throw refused(`There is no ad group ${id} in this ad account.`)
        const ad = shown.get(first.get(adGroup.id) ?? 0)
        if (!ad) throw refused(`The ad group ${id} has no ads to look at.`)
        const row = {
          ...{ ad_group_id: adGroup.id, ad_account_id: account.id, ad_id: ad.id, pin_id: ad.pin_id },
          ...{ account_id: accountId, uuid: randomBytes(16).toString('hex'), expires_at: clock.now() + previewTtlMs },
        }
        await store.put(tx, row)
        return row
      })
    },

    async ofGroups(account, adGroupIds) {
      const rows = await store.ofGroups(account.id, adGroupIds.map(entityIdOf))
      return rows.sort((a, b) => a.ad_group_id - b.ad_group_id)
    },

    deleteOfGroups: (account, adGroupIds) =>
      batch(db, adGroupIds, async (tx, id) => {
        if (!(await store.remove(tx, account.id, entityIdOf(id))))
          throw refused(`There is no preview of an ad group ${id} in this ad account.`)
        return true as const
      }),

    async read(name) {
      if (randomName.test(name)) return shownOfGroup(name)
      const of = permits.read(name)
      if (!of) return undefined
      if ('pinId' in of) return shownPin(of.ownerId, of.pinId)
      const { ownerId, imageUrl: url, title, promotion = null } = of
      return { ownerId, picture: { url }, title, description: null, link: null, callToAction: null, promotion }
    },
  }
}
