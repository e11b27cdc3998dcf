import { appTypesQuery, datesQuery, metricsOf, PinAnalytics, pinMetrics } from '../models/analytics.ts'
import { Pin, PinCreate, PinSave, PinUpdate, pinParams } from '../models/pin.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { creativeTypesQuery, pinMetricsQuery } from './boards.ts'

const read = { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: true } as const
const write = {
  by: 'token',
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  clientCredentials: true,
} as const

const domain = (description: string) => Type.String({ maxLength: 253, description, examples: ['example.com'] })

/** In base64: a picture of 20 MB, or a carousel of 25 MB together; and the words around it. */
const pinCreateMaxBytes = 35_000_000

export const pins = {
  /** Your Pins, newest first, on whatever board. */
  list: operation({
    id: 'pins/list',
    method: 'GET',
    path: '/pins',
    tag: 'pins',
    summary: 'List Pins',
    description:
      'Your Pins, newest first, on whatever board. Pins on secret boards are among them only if the token has ' +
      '`boards:read_secret` and `pins:read_secret`, Pins on protected boards only with `include_protected_pins`.',
    auth: read,
    category: 'org_read',
    query: Type.Object({
      pin_filter: Type.Optional(
        StringEnum(['exclude_native', 'exclude_repins', 'has_been_promoted'], {
          description:
            'exclude_repins: only Pins you made. exclude_native: only Pins you saved from others. ' +
            'has_been_promoted: only Pins that were advertised, of which there are none here.',
        }),
      ),
      ...pinMetricsQuery,
      include_protected_pins: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether to list Pins on protected boards too.' }),
      ),
      pin_type: Type.Optional(StringEnum(['PRIVATE'], { description: 'Only Pins on secret boards.' })),
      domain: Type.Optional(domain('Only Pins whose link leads to this host, with or without `www.`.')),
      domains: Type.Optional(
        Type.Array(domain('A host.'), {
          minItems: 1,
          maxItems: 100,
          description: 'Only Pins that lead to one of these.',
        }),
      ),
      include_product_tag_obj: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether `product_tags` are objects, not just ids.' }),
      ),
      ...creativeTypesQuery,
      ...adAccountQuery,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, newest first.') },
    errors: { invalidBookmark: {} },
  }),
  /**
   * Makes a Pin on a board of yours, or on a group board that you are on. Answers when every rendition of the picture
   * exists.
   */
  create: operation({
    id: 'pins/create',
    method: 'POST',
    path: '/pins',
    tag: 'pins',
    summary: 'Create a Pin',
    description:
      'Makes a Pin on a board of yours, or on a group board that you are on, ' +
      'from a picture (JPEG, PNG, GIF, WebP or AVIF, up to 20 MB and 50 megapixels), ' +
      'from two to five of them, or from a video that was uploaded. The answer comes when every rendition exists.',
    auth: write,
    category: 'org_write',
    trialInSandboxOnly: true,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: PinCreate, maxBytes: pinCreateMaxBytes, hasPictures: true },
    success: { status: 201, description: 'The new Pin.', schema: Pin },
    alsoAtPinterest: { status: 200, schema: Pin },
    errors: {
      imageUnreachable: {},
      imageInvalid: {},
      videoInvalid: {},
      mediaNotFound: {},
      trialAccess: {},
      forbidden: {},
      boardNotFound: {},
      sectionNotFound: {},
      pinNotFound: {},
    },
  }),
  /** One Pin of yours, or on a group board that you are on. */
  get: operation({
    id: 'pins/get',
    method: 'GET',
    path: '/pins/{pin_id}',
    tag: 'pins',
    summary: 'Get a Pin',
    description: 'One Pin of yours, or on a group board that you are on.',
    auth: read,
    category: 'org_read',
    params: pinParams,
    query: Type.Object({ ...adAccountQuery, ...pinMetricsQuery }),
    success: { status: 200, description: 'The Pin.', schema: Pin },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
  /** Changes the words or the link of a Pin of yours, or moves it to another board or section. */
  update: operation({
    id: 'pins/update',
    method: 'PATCH',
    path: '/pins/{pin_id}',
    tag: 'pins',
    summary: 'Update a Pin',
    description: 'Changes the words or the link of a Pin of yours, or moves it to another board or section.',
    auth: write,
    category: 'org_write',
    feature: 'pin_edit',
    params: pinParams,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: PinUpdate },
    success: { status: 200, description: 'The Pin as it is now.', schema: Pin },
    errors: { restrictedFeature: {}, pinNotFound: {}, boardNotFound: {}, sectionNotFound: {}, forbidden: {} },
  }),
  /** Deletes a Pin of yours, or of others on a board of yours. Its picture goes too, once no other Pin has it. */
  delete: operation({
    id: 'pins/delete',
    method: 'DELETE',
    path: '/pins/{pin_id}',
    tag: 'pins',
    summary: 'Delete a Pin',
    description:
      'Deletes a Pin of yours, or of others on a board of yours. Its picture goes too, once no other Pin has it.',
    auth: write,
    category: 'org_write',
    params: pinParams,
    query: Type.Object(adAccountQuery),
    success: { status: 204, description: 'It is gone.' },
    alsoAtPinterest: { status: 200, schema: Pin },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
  /**
   * Saves a Pin to a board of yours, or to a group board that you are on: a new Pin with the same picture, which names
   * the other as its parent.
   */
  save: operation({
    id: 'pins/save',
    method: 'POST',
    path: '/pins/{pin_id}/save',
    tag: 'pins',
    summary: 'Save a Pin',
    description:
      'Makes a Pin of yours that shows the same picture as another and names it as its parent. ' +
      'Any Pin you can see can be saved: your own, those on group boards that you are on, and everybody’s on public boards.',
    auth: { ...write, clientCredentials: false },
    category: 'org_write',
    trialInSandboxOnly: true,
    params: pinParams,
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: PinSave },
    success: { status: 201, description: 'The new Pin.', schema: Pin },
    errors: { pinNotFound: {}, boardNotFound: {}, sectionNotFound: {}, forbidden: {}, trialAccess: {} },
  }),
  /** How often a Pin of yours, or on a group board that you are on, was seen and used, day by day. */
  analytics: operation({
    id: 'pins/analytics',
    method: 'GET',
    path: '/pins/{pin_id}/analytics',
    tag: 'pins',
    summary: 'Get Pin analytics',
    description:
      'How often a Pin of yours, or on a group board that you are on, was seen and used, day by day and in all. ' +
      'Rates and averages over several days follow ' +
      'from the sums.',
    auth: read,
    category: 'org_analytics',
    params: pinParams,
    query: Type.Object({
      ...datesQuery,
      ...appTypesQuery,
      metric_types: metricsOf(pinMetrics, 'The metrics to give.'),
      split_field: Type.Optional(
        StringEnum(['NO_SPLIT', 'APP_TYPE'], {
          default: 'NO_SPLIT',
          description: 'APP_TYPE: the numbers of each kind of device beside those of all.',
        }),
      ),
      ...adAccountQuery,
    }),
    hasEtag: true,
    success: { status: 200, description: 'The numbers.', schema: PinAnalytics },
    errors: {
      invalidRequest: { message: 'Invalid pins analytics parameters.' },
      daysNotKept: {},
      forbidden: { code: 403, message: 'Not authorized to access board or Pin.' },
      pinNotFound: { code: 404 },
    },
  }),
} as const
