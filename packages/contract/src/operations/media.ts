import { Media, MediaUpload, MediaUploadCreate, mediaParams } from '../models/media.ts'
import { operation } from '../operation.ts'
import { PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const read = { by: 'token', scopes: ['pins:read'], clientCredentials: false } as const
const write = { by: 'token', scopes: ['pins:read', 'pins:write'], clientCredentials: false } as const

export const media = {
  /** Your uploads, newest first. */
  list: operation({
    id: 'media/list',
    method: 'GET',
    path: '/media',
    tag: 'media',
    summary: 'List uploads',
    description: 'Your uploads, newest first, with how far each is.',
    auth: read,
    category: 'org_read',
    query: Type.Object(pageQuery),
    success: { status: 200, description: 'A page of uploads.', schema: PageOf(Media, 'The uploads, newest first.') },
    errors: { invalidBookmark: {} },
  }),
  /** Registers the upload of a video; the answer says where and how to send it. */
  create: operation({
    id: 'media/create',
    method: 'POST',
    path: '/media',
    tag: 'media',
    summary: 'Register an upload',
    description:
      'Says that a video is going to be uploaded. POST a form to `upload_url` then, without a token: every field of ' +
      '`upload_parameters`, and last the field `file` with the video: MP4, MOV or M4V with H.264 or H.265, up to 2 GB ' +
      'and 15 minutes. The answer to that is a 204.',
    auth: write,
    category: 'org_write',
    body: { type: 'json', schema: MediaUploadCreate },
    success: { status: 201, description: 'Where and how to upload it.', schema: MediaUpload },
    alsoAtPinterest: { status: 200, schema: MediaUpload },
    errors: {},
  }),
  /** The state of an upload of yours. */
  get: operation({
    id: 'media/get',
    method: 'GET',
    path: '/media/{media_id}',
    tag: 'media',
    summary: 'Get an upload',
    description: 'How far an upload of yours is. The header `x-pinfold-failure` says why one has failed.',
    auth: read,
    category: 'org_read',
    params: mediaParams,
    success: { status: 200, description: 'The upload.', schema: Media },
    errors: { mediaNotFound: {} },
  }),
} as const
