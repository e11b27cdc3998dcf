import type { resources } from '@pinfold/contract'
import { ApiError } from '../core/errors.ts'
import { type Viewer, visitor } from '../core/viewer.ts'
import type { AccountRow } from '../domains/accounts/accounts.ts'
import { avatarPath } from '../domains/accounts/avatar.ts'
import type { BoardRow } from '../domains/boards/boards.ts'
import { readPinLook } from '../domains/looks/pin-look.ts'
import type { Handlers } from '../http/handlers.ts'
import { accountPins } from './render/account-pins.ts'
import { pinRenderer } from './render/pin.ts'
import { views } from './render/views.ts'
import type { Services } from './services.ts'

type Web = typeof resources.web

type WebServices = Pick<
  Services,
  'accounts' | 'analytics' | 'boards' | 'bookmarks' | 'follows' | 'forYou' | 'mediaUrl' | 'offers' | 'pins'
>

/** The types of the position of a Pin or section in the order of a board. */
const places = ['number', 'number'] as const
const noBoards = { items: [], next: null }

/** The newest follows whose Pins a page shows. */
const maxFollowed = 200
const shownSavers = 3

/** The operations of the web app. */
export function webApi(services: WebServices): Handlers<Web> {
  const { accounts, follows, offers } = services
  const { person } = views(services)
  return {
    getSession: async ({ viewer }) => ({
      person: viewer ? person(await accounts.byId(viewer.accountId)) : null,
      sign_up: offers.signUp,
      is_demo: offers.isDemo,
    }),

    unfollow: async ({ viewer, params }) => {
      await follows.unfollow(viewer, params.username)
      return undefined
    },

    ...pinsApi(services),
    ...profileApi(services),
    ...boardsApi(services),
  }
}

function pinsApi(services: WebServices): Pick<Handlers<Web>, 'listFeed' | 'getPin'> {
  const { accounts, boards, bookmarks, follows, forYou, pins } = services
  const { onePin, pageOfPins } = pinRenderer(services)
  const { person, coversOf } = views(services)

  /** Returns who saved a Pin, for its page. */
  async function savers(id: number) {
    const ids = await pins.saversOf(id)
    const found = await accounts.byIds(ids.slice(0, shownSavers))
    return { people: ids.flatMap((each) => found.get(each) ?? []).map(person), count: ids.length }
  }

  /** Returns the section of a Pin; null if it is in none, or the section is being removed. */
  async function sectionOf({ section_id: id }: { section_id: number | null }, board: BoardRow | null) {
    return id === null || board === null ? null : boards.findSection(board, String(id)).catch(() => null)
  }

  return {
    listFeed: async ({ viewer, query }) => {
      const { feed = 'new' } = query
      const listName = `web/list_feed ${feed} ${viewer?.accountId ?? ''}`
      const page = bookmarks.read(listName, query)
      if (feed === 'new') return pageOfPins(viewer ?? visitor, listName, await pins.newest(page), {})
      if (!viewer) throw new ApiError('authenticationFailed')
      if (feed === 'for_you') return pageOfPins(viewer, listName, await forYou.list(viewer, page), {})
      const followed = await follows.newest(viewer.accountId, maxFollowed)
      return pageOfPins(viewer, listName, await pins.newestOf(followed, page), {})
    },

    getPin: async ({ viewer = visitor, params }) => {
      const pin = await pins.view(viewer, params.pin_id)
      const [board, owner, savedBy] = await Promise.all([
        boards.view(viewer, String(pin.board_id)).catch(() => {
          // A Pin that one made stays one's own on a group board that one was removed from.
          if (pin.owner_id === viewer.accountId) return null
          throw new ApiError('pinNotFound') // It went with its board meanwhile.
        }),
        accounts.byId(pin.owner_id),
        savers(pin.id),
      ])
      const section = await sectionOf(pin, board)
      const [cover = null] = board ? coversOf(board) : []
      return {
        pin: JSON.parse((await onePin(viewer, pin)).text),
        board: board && { id: String(board.id), name: board.name, privacy: board.privacy, cover_url: cover },
        section: section && { id: String(section.id), name: section.name },
        owner: person(owner),
        colors: (readPinLook(pin.look)?.colours ?? []).map(({ hex, share }) => ({ color: hex, share })),
        saved_by: savedBy,
      }
    },
  }
}

type ProfileOperation = 'getProfile' | 'listProfileBoards' | 'listProfilePins'

function profileApi(services: WebServices): Pick<Handlers<Web>, ProfileOperation> {
  const { accounts, boards, bookmarks, follows, mediaUrl, pins } = services
  const { pageOfPins } = pinRenderer(services)
  const { accountOf, board, person } = views(services)

  /** Returns how many boards and Pins of an account a viewer may see. */
  async function countsFor(viewer: Viewer, account: AccountRow): Promise<{ boards: number; pins: number }> {
    if (account.id !== viewer.accountId)
      return { boards: await boards.publicCount(account.id), pins: await pins.publicCount(account.id) }
    const listed = account.board_count - (await boards.archivedCount(viewer))
    if (viewer.secret !== 'none') return { boards: listed, pins: account.pin_count }
    const hidden = await boards.secretCount(account.id)
    return { boards: listed - hidden, pins: account.pin_count - account.secret_pin_count }
  }

  return {
    getProfile: async ({ viewer = visitor, params }) => {
      const account = await accountOf(params.username)
      const counts = await countsFor(viewer, account)
      return {
        ...person(account),
        profile_image: mediaUrl() + avatarPath(account, 600),
        account_type: account.account_type,
        about: account.about,
        website_url: account.website_url,
        board_count: counts.boards,
        pin_count: counts.pins,
        follower_count: account.follower_count,
        following_count: account.following_count,
        archived_board_count: account.id === viewer.accountId ? await boards.archivedCount(viewer) : 0,
        is_you: account.id === viewer.accountId,
        is_followed: await follows.isFollowing(viewer.accountId, account.id),
      }
    },

    listProfileBoards: async ({ viewer = visitor, params, query }) => {
      const account = await accountOf(params.username)
      const archived = query.archived ? 'only' : 'without'
      const listName = `web/list_profile_boards ${viewer.accountId} ${account.id} ${archived}`
      const page = bookmarks.readOrdered(listName, query, ['string', 'number'])
      const isYours = account.id === viewer.accountId
      const ofOthers = () => (query.archived ? noBoards : boards.listPublic(account.id, page))
      const { items, next } = await (isYours ? boards.list(viewer, 'ALL', page, archived) : ofOthers())
      const owners = await accounts.byIds(items.map((row) => row.owner_id))
      return bookmarks.render(listName, {
        items: items.flatMap((row) => {
          const owner = owners.get(row.owner_id)
          return owner ? [JSON.stringify(board(viewer, row, owner))] : []
        }),
        next,
      })
    },

    listProfilePins: async ({ viewer = visitor, params, query }) => {
      const account = await accountOf(params.username)
      const listName = `web/list_profile_pins ${viewer.accountId} ${account.id}`
      const page = bookmarks.read(listName, query)
      const listed = accountPins(viewer, account.id)
      return pageOfPins(viewer, listName, await pins.list(listed.viewer, listed.filter, page))
    },
  }
}

function boardsApi(services: WebServices): Pick<Handlers<Web>, 'getBoard' | 'listSections' | 'listBoardPins'> {
  const { accounts, boards, bookmarks, mediaUrl, pins } = services
  const { pageOfPins } = pinRenderer(services)
  const { board } = views(services)
  return {
    getBoard: async ({ viewer = visitor, params }) => {
      const row = await boards.view(viewer, params.board_id)
      return board(viewer, row, await accounts.byId(row.owner_id))
    },

    listSections: async ({ viewer = visitor, params, query }) => {
      const row = await boards.view(viewer, params.board_id)
      const listName = `web/list_sections ${viewer.accountId} ${row.id}`
      const { items, next } = await boards.sectionsInOrder(row, bookmarks.readOrdered(listName, query, places))
      const ids = items.map(({ id }) => id)
      const [covers, counts] = await Promise.all([pins.sectionCovers(ids), pins.sectionCounts(ids)])
      const show = (id: number, name: string, key: string | undefined) => ({
        id: String(id),
        name,
        cover_url: key === undefined ? null : `${mediaUrl()}/media/150x150/${key}.jpg`,
        pin_count: counts.get(id) ?? 0,
      })
      const texts = items.map(({ id, name }) => JSON.stringify(show(id, name, covers.get(id))))
      return bookmarks.render(listName, { items: texts, next })
    },

    listBoardPins: async ({ viewer = visitor, params, query }) => {
      const row = await boards.view(viewer, params.board_id)
      const section = query.section_id === undefined ? undefined : await boards.findSection(row, query.section_id)
      const listName = `web/list_board_pins ${viewer.accountId} ${row.id} ${section?.id ?? ''}`
      const page = bookmarks.readOrdered(listName, query, places)
      return pageOfPins(viewer, listName, await pins.inOrder(row, section, page))
    },
  }
}
