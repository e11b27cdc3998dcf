import type { OperationOf, OperationOutput } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import { JsonText } from '../http/json-text.ts'
import type { Bookmarks } from '../http/pagination.ts'
import type { UploadParameters } from './upload-parameters.ts'
import type { VideoRow, Videos } from './videos.ts'

export interface VideoRoutesOptions {
  videos: Videos
  bookmarks: Bookmarks
  /** Where the server is reached, without a slash at the end. */
  publicUrl: () => string
}

type Media = OperationOutput<OperationOf<'media/get'>>
type Upload = OperationOutput<OperationOf<'media/create'>>

/** The operations on uploads. */
export function videoRoutes({
  videos,
  bookmarks,
  publicUrl,
}: VideoRoutesOptions): Handlers<'media/create' | 'media/get' | 'media/list'> {
  const showUpload = ({ id, parameters }: { id: number; parameters: UploadParameters }): Upload => ({
    media_id: String(id),
    media_type: 'video',
    upload_url: `${publicUrl()}/uploads/`,
    upload_parameters: { ...parameters },
  })

  return {
    'media/create': async ({ viewer, record }) =>
      showUpload(await videos.register(viewer, (tx, upload) => record(tx, JSON.stringify(showUpload(upload))))),

    'media/get': async ({ viewer, params }) => {
      const row = await videos.find(viewer, params.media_id)
      // The description of an upload has no room for the reason.
      const headers = row.problem === null ? undefined : { 'x-pinfold-failure': row.problem }
      return new JsonText(JSON.stringify(show(row)), headers)
    },

    'media/list': async ({ viewer, query }) => {
      const listName = `media/list ${viewer.accountId}`
      const { items, next } = await videos.list(viewer, bookmarks.read(listName, query))
      return bookmarks.render(listName, { items: items.map((row) => JSON.stringify(show(row))), next })
    },
  }
}

const show = ({ id, status }: VideoRow): Media => ({ media_id: String(id), media_type: 'video', status })
