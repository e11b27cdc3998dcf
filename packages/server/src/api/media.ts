import type { OperationOutput, resources } from '@pinfold/contract'
import { JsonText } from '../core/json-text.ts'
import type { UploadParameters } from '../domains/videos/upload-parameters.ts'
import type { VideoRow } from '../domains/videos/videos.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Media = OperationOutput<typeof resources.media.get>
type Upload = OperationOutput<typeof resources.media.create>

/** The operations on uploads. */
export function mediaApi({
  videos,
  bookmarks,
  publicUrl,
}: Pick<Services, 'bookmarks' | 'publicUrl' | 'videos'>): Handlers<typeof resources.media> {
  const showUpload = ({ id, parameters }: { id: number; parameters: UploadParameters }): Upload => ({
    media_id: String(id),
    media_type: 'video',
    upload_url: `${publicUrl()}/uploads/`,
    upload_parameters: { ...parameters },
  })

  return {
    create: ({ viewer, once }) =>
      once({
        make: (written) => videos.register(viewer, written),
        show: showUpload,
        see: async () => {}, // No upload is secret.
      }),

    get: async ({ viewer, params }) => {
      const row = await videos.find(viewer, params.media_id)
      // The description of an upload has no field for the reason.
      const headers = row.problem === null ? undefined : { 'x-pinfold-failure': row.problem }
      return new JsonText(JSON.stringify(show(row)), headers)
    },

    list: async ({ viewer, query }) => {
      const listName = `media/list ${viewer.accountId}`
      const { items, next } = await videos.list(viewer, bookmarks.read(listName, query))
      return bookmarks.render(listName, { items: items.map((row) => JSON.stringify(show(row))), next })
    },
  }
}

const show = ({ id, status }: VideoRow): Media => ({ media_id: String(id), media_type: 'video', status })
