import { adAccountParam, EntityId } from '../../models/ads/common.ts'
import {
  DynamicTitlesDownloadCSV,
  DynamicTitlesGetStatus,
  DynamicTitlesProcessCSV,
  DynamicTitlesProcessCSVCreate,
  DynamicTitlesUploadURL,
} from '../../models/ads/dynamic-titles.ts'
import { operation } from '../../operation.ts'
import { Type } from '../../type.ts'
import { managing, seeingForAccounts } from './access.ts'

const tag = 'ad_groups'
const path = '/ad_accounts/{ad_account_id}/ad_groups/{ad_group_id}/dynamic_titles'
const params = Type.Object({ ...adAccountParam, ad_group_id: EntityId('The ad group.', { maxLength: 18 }) })
const errors = { adEntityNotFound: {} }

export const dynamicTitles = {
  /** Returns an address that takes a file of titles. */
  uploadUrl: operation({
    id: 'ad_groups_dynamic_titles/get_upload_url',
    method: 'GET',
    path: `${path}/uploads`,
    tag,
    summary: 'Get an address for a file of titles',
    description:
      'Returns an address that takes one CSV file with titles of products in the body of a `PUT`, for an hour and ' +
      'without a token: UTF-8, up to 1,000,000 bytes, with the header `item_id,title`. Nothing changes before the file ' +
      'is processed. For roles that manage the ad account.',
    auth: seeingForAccounts.auth,
    adRight: 'manage',
    category: 'ads_read',
    params,
    success: { status: 200, description: 'The address.', schema: DynamicTitlesUploadURL },
    errors,
  }),
  /** Makes the rows of an uploaded file the titles of an ad group. */
  process: operation({
    id: 'ad_groups_dynamic_titles/process_csv',
    method: 'POST',
    path,
    tag,
    summary: 'Process a file of titles',
    description:
      'Reads the file that was uploaded, and makes its rows the titles of the ad group, in place of all that were there: ' +
      'those that are right, up to 10,000. If none is, the titles stay. An upload can be processed until its address ' +
      'expires; again does the same.',
    ...managing,
    params,
    body: { type: 'json', schema: DynamicTitlesProcessCSVCreate },
    success: { status: 201, description: 'What became of it.', schema: DynamicTitlesProcessCSV },
    errors,
  }),
  /** How many titles an ad group has, and whether they were reviewed. */
  status: operation({
    id: 'ad_groups_dynamic_titles/get_status',
    method: 'GET',
    path: `${path}/status`,
    tag,
    summary: 'Get the status of titles',
    description:
      'How many titles the ad group has. They are reviewed ten seconds after they were processed, by the clock of the server.',
    ...seeingForAccounts,
    params,
    success: { status: 200, description: 'How far they are.', schema: DynamicTitlesGetStatus },
    errors,
  }),
  /** Returns an address that gives the titles of an ad group. */
  downloadUrl: operation({
    id: 'ad_groups_dynamic_titles/download_csv',
    method: 'GET',
    path: `${path}/csv`,
    tag,
    summary: 'Get an address of the titles',
    description:
      'Returns an address that gives the titles of the ad group as a CSV file, for 5 minutes and without a token.',
    ...seeingForAccounts,
    params,
    success: { status: 200, description: 'The address.', schema: DynamicTitlesDownloadCSV },
    errors,
  }),
} as const
