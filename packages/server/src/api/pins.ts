import type { OperationInput, resources } from '@pinfold/contract'
import { ApiError, invalid } from '../core/errors.ts'
import { JsonText } from '../core/json-text.ts'
import type { AppCaller } from '../core/viewer.ts'
import type { Written } from '../db/database.ts'
import type { PictureFetcher } from '../domains/media/fetch-picture.ts'
import type { ListedPin, NewMedia, PinFilter } from '../domains/pins/pins.ts'
import type { Videos } from '../domains/videos/videos.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

type PinQuery = OperationInput<typeof resources.pins.list>['query']
type PinBody = OperationInput<typeof resources.pins.create>['body']

/** The operations on Pins. */
export function pinsApi(
  services: Pick<Services, 'analytics' | 'boards' | 'bookmarks' | 'fetcher' | 'mediaUrl' | 'pins' | 'videos'>,
): Handlers<typeof resources.pins> {
  const { analytics, boards, bookmarks, fetcher, pins, videos } = services
  const { pageOfPins, pin: show } = pinRenderer(services)

  return {
    list: async ({ viewer, query }) => {
      const filter = filterOf(query)
      const listName = `pins/list ${viewer.accountId} ${JSON.stringify(filter)}`
      const page = await pins.list(viewer, filter, bookmarks.read(listName, query))
      return pageOfPins(viewer, listName, page, query.pin_metrics)
    },

    create: async ({ caller, viewer, body, sender, record, pictureBytes }) => {
      refuseTrial(caller)
      if (!body.board_id) throw invalid(`The body lacks 'board_id'.`)
      const { media_source: source, parent_pin_id: parentId } = body
      const given = { ...body, board_id: body.board_id, isStandard: isStandard(source) }
      const { noting, headers } = notingStandIns(fetcher)
      const written: Written<ListedPin> = (tx, pin) => record(tx, show(viewer, pin), headers)
      if (source)
        return new JsonText(
          show(
            viewer,
            await pins.create(viewer, given, mediaOf(source, { fetcher: noting, videos, pictureBytes }), written),
          ),
          headers,
        )
      if (!parentId) throw invalid(`The body lacks 'media_source'.`)
      const parent = await pins.findToSave(viewer, parentId)
      return new JsonText(show(viewer, await pins.save(viewer, parent, given, sender.userAgent, written)))
    },

    get: async ({ viewer, params, query }) => {
      const pin = await pins.read(viewer, params.pin_id)
      const metrics = query.pin_metrics ? (await analytics.summaries([pin.id])).get(pin.id) : undefined
      return new JsonText(show(viewer, pin, metrics))
    },

    update: async ({ viewer, params, body }) =>
      new JsonText(show(viewer, await pins.update(viewer, params.pin_id, body))),

    delete: async ({ viewer, params }) => {
      await pins.remove(viewer, params.pin_id)
      return undefined
    },

    save: async ({ caller, viewer, params, body, sender, record }) => {
      refuseTrial(caller)
      const parent = await pins.findToSave(viewer, params.pin_id)
      if (!body.board_id && body.board_section_id) throw invalid(`'board_section_id' needs 'board_id' beside it.`)
      const boardId = body.board_id ?? String((await boards.quickSaves(viewer)).id)
      const { title, description, link, alt_text, dominant_color, is_standard } = parent
      const words = { title, description, link, alt_text, dominant_color, isStandard: is_standard === 1 }
      const given = { ...words, board_id: boardId, board_section_id: body.board_section_id ?? null }
      const written: Written<ListedPin> = (tx, row) => record(tx, show(viewer, row))
      const pin = await pins.save(viewer, parent, given, sender.userAgent, written)
      return new JsonText(show(viewer, pin))
    },

    analytics: async ({ viewer, params, query }) => {
      const { id } = await pins.read(viewer, params.pin_id)
      return analytics.ofPin(id, query)
    },
  }
}

/** The fetcher, and the headers of the answer: they say so if it gave a picture that stands in for another. */
function notingStandIns(fetcher: PictureFetcher): { noting: PictureFetcher; headers: Record<string, string> } {
  const headers: Record<string, string> = {}
  const note = () => {
    headers['x-pinfold-placeholder'] = 'true'
  }
  return { noting: { ...fetcher, fetch: (url) => fetcher.fetch(url, note) }, headers }
}

/** On the trial tier an app may look and try, but make no Pin. */
function refuseTrial({ tier }: AppCaller): void {
  if (tier === 'trial')
    throw new ApiError('trialAccess', { detail: 'Ask whoever runs this server for the standard tier.' })
}

/** Which Pins a filter leaves: made ones (false), saved ones (true). No Pin was ever promoted here. */
const repinFilters = {
  none: [false, true],
  exclude_repins: [false],
  exclude_native: [true],
  has_been_promoted: [],
} as const

function filterOf(query: PinQuery): PinFilter {
  const { pin_filter: filter, pin_type: type, include_protected_pins: includesProtected } = query
  const listed = includesProtected ? (['PUBLIC', 'PROTECTED', 'SECRET'] as const) : (['PUBLIC', 'SECRET'] as const)
  return {
    privacies: type === 'PRIVATE' ? ['SECRET'] : listed,
    repins: repinFilters[filter ?? 'none'],
    creativeTypes: query.creative_types?.toSorted(),
  }
}

type MediaSource = NonNullable<PinBody['media_source']>

function isStandard(source: MediaSource | undefined): boolean {
  return source && 'is_standard' in source ? source.is_standard !== false : true
}

interface MediaOrigins {
  fetcher: PictureFetcher
  videos: Videos
  pictureBytes: (data: string) => Buffer
}

/** What a Pin is to show, and where its bytes come from. */
function mediaOf(source: MediaSource, from: MediaOrigins): NewMedia {
  switch (source.source_type) {
    case 'image_url':
      return { kind: 'picture', bytes: () => from.fetcher.fetch(source.url) }
    case 'image_base64':
      return { kind: 'picture', bytes: async () => from.pictureBytes(source.data) }
    case 'multiple_image_urls':
      return {
        kind: 'carousel',
        pictures: source.items.map(({ url, ...words }) => ({ ...words, bytes: () => from.fetcher.fetch(url) })),
        first: source.index ?? 0,
      }
    case 'multiple_image_base64':
      return {
        kind: 'carousel',
        pictures: source.items.map(({ data, ...words }) => ({
          ...words,
          bytes: async () => from.pictureBytes(data),
        })),
        first: source.index ?? 0,
      }
    case 'video_id':
      return { kind: 'video', mediaId: source.media_id, cover: coverOf(source, from) }
    case 'pin_url':
      throw new ApiError('forbidden', { detail: 'Making a Pin of a product page (pin_url) is open to no app here.' })
  }
}

type VideoSource = Extract<MediaSource, { source_type: 'video_id' }>

/** The cover of a video: of what was sent, the first of bytes, address and time. */
function coverOf(
  source: VideoSource,
  { fetcher, videos, pictureBytes }: MediaOrigins,
): Extract<NewMedia, { kind: 'video' }>['cover'] {
  const { cover_image_data: data, cover_image_url: url, cover_image_key_frame_time: seconds } = source
  if (data) return async () => pictureBytes(data)
  if (url) return () => fetcher.fetch(url)
  if (seconds !== undefined) return (video) => videos.frameAt(video, seconds)
  if (source.cover_image_content_type) throw invalid(`'media_source' lacks 'cover_image_data'.`)
  throw invalid(
    'A video Pin needs a cover: cover_image_url or cover_image_content_type (with cover_image_data), ' +
      'or cover_image_key_frame_time.',
  )
}
