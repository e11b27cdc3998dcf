import { Id, Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

export const mediaStatuses = ['registered', 'processing', 'succeeded', 'failed'] as const
/** The state of an upload. */
export type MediaStatus = (typeof mediaStatuses)[number]

const mediaType = StringEnum(['video'], { description: 'What kind of media it is.' })
const mediaId = Type.String({
  pattern: '^\\d+$',
  readOnly: true,
  description: 'The upload: to ask how far it is, and to make a Pin of it.',
  examples: ['1142048512397568'],
})

const uploadField = (description: string) => Type.Optional(Type.String({ description }))

const MediaUploadParameters = Model(
  'MediaUploadParameters',
  'Fields to send before the file, as they are. They are signed, and good for one upload within the hour.',
  {
    'x-amz-date': uploadField('When they were made.'),
    'x-amz-signature': uploadField('The signature over the others.'),
    'x-amz-security-token': uploadField('Part of what is signed.'),
    'x-amz-algorithm': uploadField('How they are signed.'),
    key: uploadField('What the file will be called.'),
    policy: uploadField('What may be sent, and until when.'),
    'x-amz-credential': uploadField('Who signed them.'),
    'Content-Type': uploadField('The type of the form.'),
  },
)

export const MediaUploadCreate = Model(
  'MediaUploadCreate',
  'What is going to be uploaded.',
  { media_type: mediaType },
  { examples: [{ media_type: 'video' }] },
)

export const MediaUpload = Model(
  'MediaUpload',
  'Where and how to upload the file.',
  {
    media_id: mediaId,
    media_type: mediaType,
    upload_url: Type.Optional(
      Type.String({ readOnly: true, description: 'Where to POST the form: `upload_parameters` first, then `file`.' }),
    ),
    upload_parameters: Type.Optional(MediaUploadParameters),
  },
  {
    examples: [
      {
        media_id: '1142048512397568',
        media_type: 'video',
        upload_url: 'http://127.0.0.1:4000/uploads/',
        upload_parameters: {
          'x-amz-date': '20260314T092653Z',
          'x-amz-signature': '2f0c6d2a…',
          'x-amz-security-token': 'cGluZm9sZA',
          'x-amz-algorithm': 'AWS4-HMAC-SHA256',
          key: 'uploads/video/1142048512397568',
          policy: 'eyJleHBpcmF0aW9uIjoi…',
          'x-amz-credential': 'pinfold/20260314/local/s3/aws4_request',
          'Content-Type': 'multipart/form-data',
        },
      },
    ],
  },
)

export const Media = Model(
  'Media',
  'An upload, and how far it is.',
  {
    media_id: mediaId,
    media_type: mediaType,
    status: Type.Optional(
      StringEnum(mediaStatuses, {
        readOnly: true,
        description:
          'registered: not all of the file has come. processing: it is being made ready. succeeded: a Pin can be made ' +
          'of it. failed: it cannot be used.',
      }),
    ),
  },
  { examples: [{ media_id: '1142048512397568', media_type: 'video', status: 'succeeded' }] },
)

export const mediaParams = Type.Object({ media_id: Id('The upload.') })
