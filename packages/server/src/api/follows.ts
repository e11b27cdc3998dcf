import type { resources } from '@pinfold/contract'
import type { Page } from '../core/page.ts'
import type { Handlers } from '../http/handlers.ts'
import { renderBoard } from './render/board.ts'
import type { Services } from './services.ts'

type FollowOperation = 'follow' | 'listFollowedBoards' | 'listFollowedInterests' | 'listFollowers' | 'listFollowing'

/** The operations on who follows whom and what. */
export function followsApi({
  bookmarks,
  follows,
  mediaUrl,
}: Pick<Services, 'bookmarks' | 'follows' | 'mediaUrl'>): Handlers<
  Pick<typeof resources.userAccount, FollowOperation>
> {
  const summary = (username: string) => ({ type: 'user', username })
  const render = <T>(listName: string, { items, next }: Page<T>, show: (item: T) => object) =>
    bookmarks.render(listName, { items: items.map((item) => JSON.stringify(show(item))), next })

  return {
    listFollowers: async ({ viewer, query }) => {
      const listName = `followers/list ${viewer.accountId}`
      return render(listName, await follows.followers(viewer.accountId, bookmarks.read(listName, query)), summary)
    },

    listFollowing: async ({ viewer, query }) => {
      const { explicit_following: explicit = false, feed_type: feedType = 'ALL' } = query
      const listName = `user_following/get ${viewer.accountId} ${explicit} ${feedType}`
      const page = bookmarks.read(listName, query)
      return render(listName, await follows.following(viewer.accountId, { explicit, feedType }, page), summary)
    },

    listFollowedBoards: async ({ viewer, query }) => {
      const listName = `boards_user_follows/list ${viewer.accountId}`
      const page = await follows.boards(viewer.accountId, bookmarks.read(listName, query))
      return render(listName, page, ({ board, owner }) => renderBoard(board, owner, mediaUrl()))
    },

    follow: async ({ viewer, params, sender: { userAgent } }) =>
      summary((await follows.follow(viewer, params.username, userAgent)).username),

    listFollowedInterests: async ({ params, query }) => {
      const listName = `user_account/followed_interests ${params.username}`
      const page = await follows.interests(params.username, bookmarks.read(listName, query))
      return render(listName, page, ({ id, key, name }) => ({ id: String(id), key, name }))
    },
  }
}
