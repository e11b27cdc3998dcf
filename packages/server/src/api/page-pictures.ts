import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operation that looks at a page of the web. */
export function pagePicturesApi({
  pagePictures,
}: Pick<Services, 'pagePictures'>): Handlers<typeof resources.pagePictures> {
  return {
    look: async ({ caller, body }) => {
      const { isPicture, pictures, ...page } = await pagePictures.look(caller.accountId, body.url)
      return {
        ...page,
        is_picture: isPicture,
        pictures: pictures.map(({ permit, ...picture }) => ({
          ...picture,
          preview_url: `/_pinfold/web/previews?of=${permit}`,
        })),
      }
    },
  }
}
