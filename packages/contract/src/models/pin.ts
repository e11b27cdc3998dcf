import { Id, Model, Nullable, StringEnum, Tagged, Timestamp } from '../schema.ts'
import { Type } from '../type.ts'
import { BoardOwner } from './board.ts'
import { ProductTag } from './product-tag.ts'

export const creativeTypes = [
  'REGULAR',
  'VIDEO',
  'SHOPPING',
  'CAROUSEL',
  'MAX_VIDEO',
  'SHOP_THE_PIN',
  'COLLECTION',
  'IDEA',
  'SHOWCASE',
  'QUIZ',
  'COLLAGE',
  'MAX_WIDTH_REGULAR_COLLECTION',
  'MAX_WIDTH_VIDEO_COLLECTION',
  'APP',
] as const
export type CreativeType = (typeof creativeTypes)[number]

export const ImageDetails = Model('ImageDetails', 'One rendition of a picture.', {
  url: Type.String({ description: 'Where it is. What is there never changes.' }),
  width: Type.Integer({ description: 'In pixels.' }),
  height: Type.Integer({ description: 'In pixels.' }),
})

export const PinImages = Model('PinImages', 'The renditions of a picture.', {
  '150x150': Type.Optional(ImageDetails),
  '400x300': Type.Optional(ImageDetails),
  '600x': Type.Optional(ImageDetails),
  '1200x': Type.Optional(ImageDetails),
  originals: Type.Optional(ImageDetails),
})

const videoProperties = {
  cover_image_url: Type.Optional(Type.String({ description: 'The picture shown before it plays.' })),
  video_url: Type.Optional(Nullable(Type.String({ description: 'The video.' }))),
  video_url_hls: Type.Optional(Nullable(Type.String({ description: 'The video as an HLS stream: there is none.' }))),
  duration: Type.Optional(Nullable(Type.Number({ description: 'In milliseconds; null until it is known.' }))),
  height: Type.Optional(Nullable(Type.Integer({ description: 'In pixels; null until it is known.' }))),
  width: Type.Optional(Nullable(Type.Integer({ description: 'In pixels; null until it is known.' }))),
}

const slotText = { title: Type.Optional(Nullable(Type.String())), description: Type.Optional(Nullable(Type.String())) }

const ImageMetadata = Model('ImageMetadata', 'A picture of a carousel.', {
  item_type: Type.Optional(Type.String()),
  ...slotText,
  link: Type.Optional(Nullable(Type.String())),
  images: Type.Optional(PinImages),
})

const VideoMetadata = Model('VideoMetadata', 'A video among several.', {
  item_type: StringEnum(['video']),
  ...videoProperties,
})

const mediaType = <const T extends string>(value: T) =>
  StringEnum([value], { description: 'What kind of media it is.' })

export const PinMedia = Tagged(
  'media_type',
  [
    Model('PinMediaWithImage', 'A picture.', { media_type: mediaType('image'), images: Type.Optional(PinImages) }),
    Model('PinMediaWithVideo', 'A video and its cover.', {
      media_type: mediaType('video'),
      images: Type.Optional(PinImages),
      ...videoProperties,
    }),
    Model('PinMediaWithImages', 'A carousel of pictures.', {
      media_type: mediaType('multiple_images'),
      items: Type.Optional(Type.Array(ImageMetadata)),
    }),
    Model('PinMediaWithVideos', 'Several videos.', {
      media_type: mediaType('multiple_videos'),
      items: Type.Optional(Type.Array(VideoMetadata)),
    }),
    Model('PinMediaWithImageAndVideo', 'Pictures and videos.', {
      media_type: mediaType('multiple_mixed'),
      items: Type.Optional(Type.Array(Type.Union([ImageMetadata, VideoMetadata]))),
    }),
  ],
  { title: 'PinMedia', description: 'What the Pin shows.' },
)

const title = Nullable(Type.String({ maxLength: 100, description: 'The title.', examples: ['Salt-glazed cup'] }))
const description = Nullable(Type.String({ maxLength: 800, description: 'The description.' }))
const link = Nullable(
  Type.String({
    maxLength: 2048,
    description: 'The web page that the Pin leads to: an http or https address.',
    examples: ['https://example.com/cups'],
  }),
)
const altText = Nullable(Type.String({ maxLength: 500, description: 'The picture in words, for who cannot see it.' }))
const sectionId = Nullable(Id('The section of the board that it stands in.'))
const parentPinId = Nullable(Id('The Pin that it was saved from.'))
const dominantColor = Nullable(Type.String({ description: 'As `#rrggbb`.', examples: ['#6e7874'] }))

/** What a Pin can say of its media. */
const aiDisclosures = ['AI_MODIFIED', 'SYNTHETIC_PERFORMER'] as const
export type AiDisclosure = (typeof aiDisclosures)[number]

const aiDisclosureValues = Type.Array(StringEnum(aiDisclosures), {
  maxItems: 10,
  description:
    'AI_MODIFIED: a model made or changed it. SYNTHETIC_PERFORMER: who is seen or heard is no person. None: it says nothing.',
})

export const PinAiDisclosures = Model('PinAiDisclosures', 'What a Pin says of AI in its media.', {
  values: aiDisclosureValues,
})

const PinAiDisclosuresUpdate = Model('PinAiDisclosuresUpdate', 'What a Pin is to say of AI in its media.', {
  values: Type.Optional(aiDisclosureValues),
})

const exampleImage = (rendition: string, width: number, height: number) => ({
  url: `http://127.0.0.1:4000/media/${rendition}/0123456789abcdef0123456789abcdef.jpg`,
  width,
  height,
})
const exampleImages = {
  '150x150': exampleImage('150x150', 150, 150),
  '400x300': exampleImage('400x300', 400, 300),
  '600x': exampleImage('600x', 600, 900),
  '1200x': exampleImage('1200x', 1200, 1800),
  originals: exampleImage('originals', 2000, 3000),
}

export const Pin = Model(
  'Pin',
  'A Pin: a picture, a video or a carousel of pictures with words and a link, on a board.',
  {
    id: Id('The Pin.'),
    created_at: Type.Optional(Timestamp('When the Pin was made.')),
    link: Type.Optional(link),
    title: Type.Optional(title),
    description: Type.Optional(description),
    alt_text: Type.Optional(altText),
    dominant_color: Type.Optional(dominantColor),
    creative_type: Type.Optional(StringEnum(creativeTypes, { readOnly: true, description: 'What kind of Pin it is.' })),
    board_id: Type.Optional(Id('The board that it is on.')),
    board_section_id: Type.Optional(sectionId),
    board_owner: Type.Optional(BoardOwner),
    parent_pin_id: Type.Optional(parentPinId),
    media: Type.Optional(PinMedia),
    is_owner: Type.Optional(Type.Boolean({ readOnly: true, description: 'Whether the Pin is yours.' })),
    is_standard: Type.Optional(Type.Boolean({ readOnly: true, description: 'Whether it is a standard Pin.' })),
    has_been_promoted: Type.Optional(Type.Boolean({ readOnly: true, description: 'Whether it was ever advertised.' })),
    ai_disclosures: Type.Optional(PinAiDisclosures),
    is_product: Type.Optional(Type.Boolean({ readOnly: true, description: 'Whether it is a product of a catalog.' })),
    is_removable: Type.Optional(Type.Boolean({ readOnly: true, description: 'Whether you can delete it.' })),
    product_tags: Type.Optional(
      Type.Array(Type.Union([Id('A tagged Pin.'), ProductTag]), {
        readOnly: true,
        description: 'The Pins that are tagged in it: their ids, or objects with `include_product_tag_obj`.',
      }),
    ),
    pin_metrics: Type.Optional(
      Type.Unsafe<Record<string, Record<string, number>> | null>({
        type: ['object', 'null'],
        readOnly: true,
        additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
        description: 'How often it was seen and used, in the last 90 days and ever. Null without `pin_metrics=true`.',
      }),
    ),
  },
  {
    examples: [
      {
        id: '1142048512397440',
        created_at: '2026-03-14T09:26:53',
        link: 'https://example.com/cups',
        title: 'Salt-glazed cup',
        description: 'From the second firing.',
        alt_text: 'A grey cup on a wooden table',
        dominant_color: '#6e7874',
        creative_type: 'REGULAR',
        board_id: '1142048512397312',
        board_section_id: null,
        board_owner: { username: 'demo' },
        parent_pin_id: null,
        is_owner: true,
        is_standard: true,
        has_been_promoted: false,
        is_product: false,
        is_removable: true,
        product_tags: [],
        pin_metrics: null,
        media: { media_type: 'image', images: exampleImages },
      },
    ],
  },
)

const sourceType = <const T extends string>(value: T) => StringEnum([value], { description: 'Where the media is.' })
const isStandard = Type.Optional(Type.Boolean({ default: true, description: 'Whether to make a standard Pin.' }))

const contentType = StringEnum(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'], {
  description: 'What the picture is said to be. The bytes decide.',
})
// The body's limit bounds its length: counting the characters of megabytes would take longer than anything else.
const base64 = Type.String({
  pattern: '^[a-zA-Z0-9+/=]+$',
  description: 'The picture in base64, without line breaks.',
})
const slotFields = {
  title: Type.Optional(Type.String({ maxLength: 100 })),
  description: Type.Optional(Type.String({ maxLength: 800 })),
  link: Type.Optional(Type.String({ maxLength: 2048 })),
}

export const PinMediaSource = Tagged(
  'source_type',
  [
    Model('PinMediaSourceImageBase64', 'A picture sent along.', {
      source_type: sourceType('image_base64'),
      content_type: contentType,
      data: base64,
      is_standard: isStandard,
    }),
    Model('PinMediaSourceImageURL', 'A picture to fetch.', {
      source_type: sourceType('image_url'),
      url: Type.String({
        maxLength: 2048,
        description: 'An http or https address. It is fetched once, now.',
        examples: ['https://example.com/cup.jpg'],
      }),
      is_standard: isStandard,
    }),
    Model('PinMediaSourceVideoID', 'A video that was uploaded.', {
      source_type: sourceType('video_id'),
      media_id: Id('The uploaded video.'),
      cover_image_url: Type.Optional(Type.String({ maxLength: 2048, description: 'A cover to fetch.' })),
      cover_image_content_type: Type.Optional(contentType),
      cover_image_data: Type.Optional(Type.String({ description: 'A cover, in base64.' })),
      cover_image_key_frame_time: Type.Optional(
        Type.Integer({ minimum: 0, description: 'Take the cover from the video at this second, or its last picture.' }),
      ),
      is_standard: isStandard,
    }),
    Model('PinMediaSourceImagesBase64', 'Pictures of a carousel, sent along.', {
      source_type: sourceType('multiple_image_base64'),
      items: Type.Array(
        Model('PinMediaSourceImagesBase64Item', 'One of them.', {
          content_type: contentType,
          data: base64,
          ...slotFields,
        }),
        { minItems: 2, maxItems: 5, description: 'Two to five pictures with one aspect ratio.' },
      ),
      index: Type.Optional(Type.Integer({ minimum: 0, description: 'Which of them stands for the Pin, from 0.' })),
    }),
    Model('PinMediaSourceImagesURL', 'Pictures of a carousel, to fetch.', {
      source_type: sourceType('multiple_image_urls'),
      items: Type.Array(
        Model('PinMediaSourceImagesURLItem', 'One of them.', {
          url: Type.String({ maxLength: 2048, description: 'An http or https address.' }),
          ...slotFields,
        }),
        { minItems: 2, maxItems: 5, description: 'Two to five pictures with one aspect ratio.' },
      ),
      index: Type.Optional(Type.Integer({ minimum: 0, description: 'Which of them stands for the Pin, from 0.' })),
    }),
    Model('PinMediaSourcePinURL', "A product page, given as the Pin's link.", {
      source_type: sourceType('pin_url'),
      is_affiliate_link: Type.Optional(Type.Boolean({ default: false, description: 'Whether it earns a commission.' })),
    }),
  ],
  { title: 'PinMediaSource', description: 'The media to make the Pin of.' },
)

export const PinCreate = Model(
  'PinCreate',
  'A Pin to make.',
  {
    board_id: Type.Optional(Id('The board to put it on. Needed.')),
    board_section_id: Type.Optional(sectionId),
    media_source: Type.Optional(PinMediaSource),
    title: Type.Optional(title),
    description: Type.Optional(description),
    link: Type.Optional(link),
    alt_text: Type.Optional(altText),
    dominant_color: Type.Optional(dominantColor),
    parent_pin_id: Type.Optional(parentPinId),
    ai_disclosures: Type.Optional(PinAiDisclosures),
    sponsor_id: Type.Optional(Nullable(Id('Accepted and ignored: there are no paid partnerships here.'))),
  },
  {
    examples: [
      {
        board_id: '1142048512397312',
        title: 'Salt-glazed cup',
        description: 'From the second firing.',
        link: 'https://example.com/cups',
        alt_text: 'A grey cup on a wooden table',
        media_source: { source_type: 'image_url', url: 'https://example.com/cup.jpg' },
      },
    ],
  },
)

export const PinUpdate = Model(
  'PinUpdate',
  'What to change about a Pin. What is left out stays; null clears.',
  {
    title: Type.Optional(title),
    description: Type.Optional(description),
    link: Type.Optional(link),
    alt_text: Type.Optional(altText),
    board_id: Type.Optional(Id('The board to move it to. It leaves its section unless one is named.')),
    board_section_id: Type.Optional(sectionId),
    ai_disclosures: Type.Optional(PinAiDisclosuresUpdate),
    carousel_slots: Type.Optional(
      Type.Array(
        Model('CarouselSlot', 'Words and link of one picture of a carousel.', {
          title: Type.Optional(Type.String({ maxLength: 100 })),
          description: Type.Optional(Type.String({ maxLength: 800 })),
          link: Type.Optional(Type.String({ maxLength: 2048 })),
        }),
        { maxItems: 5, description: 'For carousels only: one entry a picture, in order; an empty text clears.' },
      ),
    ),
  },
  { examples: [{ title: 'Salt-glazed cup, second firing', board_id: '1142048512397312' }] },
)

export const PinSave = Model(
  'PinSave',
  'Where to save a Pin.',
  {
    board_id: Type.Optional(
      Nullable(Id('The board to save it to. Without one it goes to your board "Quick Saves", made on demand.')),
    ),
    board_section_id: Type.Optional(Nullable(Id('The section of that board.'))),
  },
  { examples: [{ board_id: '1142048512397312' }] },
)

export const pinParams = Type.Object({ pin_id: Id('The Pin.') })
