import type { CreativeType } from '@pinfold/contract'
import type { AdSettings } from './ad-settings.ts'
import type { AdvertisedPin } from './advertised-pins.ts'
import type { Rules } from './rules.ts'

/** An ad, and the Pin that it shows; undefined: it is gone. */
export interface CheckedAd {
  settings: AdSettings
  pin: AdvertisedPin | undefined
}

/** The most that is kept of a quiz, in characters of its JSON. */
const mostQuiz = 20_000
const mostAddress = 2000
const mostOfCarousel = 5

const videos: readonly CreativeType[] = ['VIDEO', 'MAX_VIDEO', 'MAX_WIDTH_VIDEO_COLLECTION']
const collections: readonly CreativeType[] = [
  'COLLECTION',
  'SHOP_THE_PIN',
  'MAX_WIDTH_REGULAR_COLLECTION',
  'MAX_WIDTH_VIDEO_COLLECTION',
]

const addresses = [
  ...(['destination_url', 'android_deep_link', 'ios_deep_link', 'click_tracking_url', 'view_tracking_url'] as const),
  ...(['disclosure_url', 'collection_items_destination_url_template'] as const),
]
const carousels = ['carousel_destination_urls', 'carousel_android_deep_links', 'carousel_ios_deep_links'] as const

/** What must hold for an ad. */
export const adRules: Rules<CheckedAd> = [
  {
    broken: ({ settings: { name } }) => name !== null && (!/\S/.test(name) || name.length > 255),
    message: `'name' must have 1 to 255 characters, and not only blanks.`,
  },
  {
    broken: ({ settings }) => addresses.some((name) => (settings[name]?.length ?? 0) > mostAddress),
    message: `${addresses.map((name) => `'${name}'`).join(', ')} must have at most ${mostAddress} characters each.`,
  },
  {
    broken: ({ settings }) =>
      carousels.some((name) => {
        const urls = settings[name] ?? []
        return urls.length > mostOfCarousel || urls.some((url) => url.length > mostAddress)
      }),
    message: `${carousels.map((name) => `'${name}'`).join(', ')} must have at most ${mostOfCarousel} addresses of at most ${mostAddress} characters.`,
  },
  {
    broken: ({ settings }) =>
      settings.creative_type !== 'CAROUSEL' && carousels.some((name) => (settings[name]?.length ?? 0) > 0),
    message: `The addresses of a carousel go with the creative type CAROUSEL.`,
  },
  {
    broken: ({ settings: { creative_type: type }, pin }) =>
      pin !== undefined && videos.includes(type) && !/VIDEO/.test(pin.creative_type),
    message: `The creative types ${videos.join(', ')} need a Pin that shows a video.`,
  },
  {
    broken: ({ settings: { creative_type: type }, pin }) =>
      pin !== undefined && type === 'CAROUSEL' && pin.creative_type !== 'CAROUSEL',
    message: `The creative type CAROUSEL needs a Pin that is a carousel.`,
  },
  {
    broken: ({ settings }) =>
      !collections.includes(settings.creative_type) &&
      (settings.collections_header_type !== null || settings.collection_items_destination_url_template !== null),
    message: `'collections_header_type' and 'collection_items_destination_url_template' go with ${collections.join(', ')}.`,
  },
  {
    broken: ({ settings: { creative_type: type, quiz_pin_data: quiz } }) => (quiz !== null) !== (type === 'QUIZ'),
    message: `'quiz_pin_data' goes with the creative type QUIZ, which needs it.`,
  },
  {
    broken: ({ settings: { quiz_pin_data: quiz } }) => quiz !== null && JSON.stringify(quiz).length > mostQuiz,
    message: `'quiz_pin_data' must have at most ${mostQuiz} characters as JSON.`,
  },
  {
    broken: ({ settings: { lead_form_id: form } }) => form !== null && form.length > 20,
    message: `'lead_form_id' must have at most 20 characters.`,
  },
  {
    broken: ({ settings: { disclosure_url: url, disclosure_type: type } }) =>
      url !== null && (type === null || type === 'NO_DISCLOSURE' || URL.parse(url)?.protocol !== 'https:'),
    message: `'disclosure_url' must be an https address, and needs a 'disclosure_type' that says what it tells.`,
  },
]
