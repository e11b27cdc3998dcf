import { Model } from '../../schema.ts'
import { Type } from '../../type.ts'

const requestId = '5f0c9d2e7b1a4c3d8e6f00112233aabb'
const titlesUrl = 'http://localhost:4000/_pinfold/ad-titles'

export const DynamicTitlesUploadURL = Model(
  'DynamicTitlesUploadURL',
  'Where a file of titles is to be sent.',
  {
    upload_url: Type.String({
      description: 'Takes the file, as the body of a PUT without a token, for an hour.',
      examples: [`${titlesUrl}/upload?of=WzE3`],
    }),
    request_id: Type.String({ description: 'Names the upload when it is to be processed.', examples: [requestId] }),
    existing_filename: Type.Optional(
      Type.String({ description: 'The file that there is already; left out while there is none.' }),
    ),
  },
  {
    examples: [
      {
        ...{ upload_url: `${titlesUrl}/upload?of=WzE3`, request_id: requestId },
        existing_filename: 'titles-1142048512397316.csv',
      },
    ],
  },
)

export const DynamicTitlesProcessCSVCreate = Model(
  'DynamicTitlesProcessCSVCreate',
  'Which upload is to be processed.',
  { request_id: Type.String({ description: 'The one that came with the address of the upload.' }) },
  { examples: [{ request_id: requestId }] },
)

export const DynamicTitlesProcessCSVError = Model(
  'DynamicTitlesProcessCSVError',
  'What is wrong with one row.',
  {
    row_number: Type.Optional(Type.Integer({ description: 'Which row; the header is row 1.' })),
    error_type: Type.Optional(
      Type.String({
        description:
          '`COLUMN_COUNT_WRONG`, `ITEM_ID_MISSING`, `ITEM_ID_TOO_LONG`, `ITEM_ID_REPEATED`, `TITLE_MISSING`, ' +
          '`TITLE_TOO_LONG` or `CHARACTER_INVALID`; of the file as a whole `HEADER_INVALID`, `CSV_MALFORMED` or ' +
          '`TOO_MANY_ROWS`.',
      }),
    ),
  },
  { examples: [{ row_number: 3, error_type: 'TITLE_TOO_LONG' }] },
)

export const DynamicTitlesProcessCSV = Model(
  'DynamicTitlesProcessCSV',
  'What became of an upload.',
  {
    status: Type.Optional(
      Type.String({
        readOnly: true,
        description:
          '`SUCCESS`: every row is right. `PARTIAL_SUCCESS`: those that are right were taken. `FAILURE`: none is, and ' +
          'the titles stay as they were.',
      }),
    ),
    errors: Type.Optional(
      Type.Array(DynamicTitlesProcessCSVError, { readOnly: true, description: 'What is wrong, row by row.' }),
    ),
  },
  { examples: [{ status: 'PARTIAL_SUCCESS', errors: [{ row_number: 3, error_type: 'TITLE_TOO_LONG' }] }] },
)

export const DynamicTitlesGetStatus = Model(
  'DynamicTitlesGetStatus',
  'How far the titles of an ad group are.',
  {
    generated_count: Type.Optional(Type.Integer({ description: 'How many titles there are.' })),
    reviewed_count: Type.Optional(Type.Integer({ description: 'How many of them were reviewed.' })),
    is_ready: Type.Optional(Type.Boolean({ description: 'Whether there are titles, and all were reviewed.' })),
  },
  { examples: [{ generated_count: 2, reviewed_count: 2, is_ready: true }] },
)

export const DynamicTitlesDownloadCSV = Model(
  'DynamicTitlesDownloadCSV',
  'Where the titles can be fetched.',
  {
    download_url: Type.Optional(
      Type.String({
        description: 'Gives the file to whoever has the address, for 5 minutes. Left out while there are no titles.',
      }),
    ),
  },
  { examples: [{ download_url: `${titlesUrl}/download?of=WzE3` }] },
)
