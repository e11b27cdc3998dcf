import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { OperationInput, resources } from '@pinfold/contract'
import { ApiError, invalid } from '../core/errors.ts'
import { parseId } from '../core/ids.ts'
import type { Viewer } from '../core/viewer.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'
import { failsOnPurpose } from './transitions.ts'

type Control = typeof resources.control
type Traffic = OperationInput<Control['triggerPinTraffic']>['body']
/** What triggers need. */
export type TriggerServices = Pick<
  Services,
  | 'accounts'
  | 'adReviews'
  | 'analytics'
  | 'apps'
  | 'boards'
  | 'boardById'
  | 'clock'
  | 'control'
  | 'follows'
  | 'pins'
  | 'tokens'
  | 'videos'
>
type Triggers = Pick<Handlers<Control>, Extract<keyof Control, `trigger${string}`>>

const dayMs = 86_400_000
/** How many events are counted at once. */
const batch = 1000
/** How long an answer waits for a video to be processed. */
const longestMs = 30_000
/** How often to look whether another server has processed it. */
const lookMs = 50

/** What others do that programs have to notice, on demand: through the same doors as otherwise. */
export function triggersApi(services: TriggerServices): Triggers {
  const { accounts, apps, boards, follows, pins, tokens } = services
  const owner = async (accountId: number): Promise<Viewer> => {
    const { username } = await accounts.byId(accountId)
    return { accountId, username, secret: 'write' }
  }
  const named = async (username: string) => {
    const account = await accounts.byUsername(username)
    if (!account) throw new ApiError('userNotFound', { detail: `There is no account '${username.slice(0, 100)}'.` })
    return account
  }
  const ownerOfBoard = async (id: string) => {
    const board = await services.boardById(id)
    if (!board) throw new ApiError('boardNotFound')
    return owner(board.owner_id)
  }
  const pinOf = async (id: string) => {
    const number = parseId(id)
    const [pin] = number === undefined ? [] : await pins.byIds([number])
    if (!pin) throw new ApiError('pinNotFound')
    return pin
  }
  const known = (found: boolean) => {
    if (!found) throw new ApiError('tokenNotFound')
    return undefined
  }

  return {
    ...mediaTriggers(services),
    ...adTriggers(services),
    triggerTokenExpire: async ({ body }) => known(await tokens.expireAny(body.token)),
    triggerTokenRevoke: async ({ body }) => known(await tokens.revokeAny(body.token)),

    async triggerAppDisconnect({ body }) {
      const app = await apps.find(body.app_id)
      if (!app) throw new ApiError('appNotFound')
      await tokens.disconnect((await named(body.account)).id, app.id)
      return undefined
    },

    async triggerBoardDelete({ body: { board_id: id } }) {
      await boards.remove(await ownerOfBoard(id), id)
      return undefined
    },

    async triggerPinDelete({ body: { pin_id: id } }) {
      await pins.remove(await owner((await pinOf(id)).owner_id), id)
      return undefined
    },

    async triggerPinSave({ body: { pin_id: id, board_id } }) {
      const viewer = await ownerOfBoard(board_id)
      await pins.save(viewer, (await pinOf(id)) && id, { board_id }, '')
      return undefined
    },

    async triggerPinTraffic({ body }) {
      await pinOf(body.pin_id)
      return { counted: await sendTraffic(body, services) }
    },

    async triggerAccountFollow({ body: { account, by } }) {
      await follows.follow(await owner((await named(by)).id), account)
      return undefined
    },

    async triggerAccountUnfollow({ body: { account, by } }) {
      await follows.unfollow(await owner((await named(by)).id), account)
      return undefined
    },
  }
}

function mediaTriggers({
  control: { shared },
  videos,
}: Pick<TriggerServices, 'control' | 'videos'>): Pick<Triggers, 'triggerMediaReady' | 'triggerMediaFail'> {
  /** Returns the number of an upload that is being processed, or waits. */
  const underWay = async (id: string): Promise<number> => {
    const number = parseId(id)
    const upload = number === undefined ? undefined : await videos.byId(number)
    if (!upload) throw new ApiError('mediaNotFound')
    if (upload.status === 'registered') throw invalid('media_id: its file has not been uploaded yet.')
    if (upload.status !== 'processing') throw invalid(`media_id: it has ${upload.status} already.`)
    return upload.id
  }
  /** Waits until an upload is processed, here or at another server. */
  const processed = async (id: number) => {
    const until = performance.now() + longestMs
    await Promise.race([videos.processed(id), delay(longestMs, undefined, { ref: false })])
    while (performance.now() < until && (await videos.byId(id))?.status === 'processing') await delay(lookMs)
  }

  return {
    async triggerMediaReady({ body }) {
      const id = await underWay(body.media_id)
      await shared.decide('media', id, { problem: undefined })
      await processed(id)
      return undefined
    },
    async triggerMediaFail({ body: { media_id, problem = failsOnPurpose } }) {
      const id = await underWay(media_id)
      if (!(await shared.decide('media', id, { problem }))) await videos.fail(id, problem)
      await processed(id)
      return undefined
    },
  }
}

/** Decides on ads that are pending, as the review does. */
function adTriggers({
  adReviews,
}: Pick<TriggerServices, 'adReviews'>): Pick<Triggers, 'triggerAdApprove' | 'triggerAdReject'> {
  const decide = async (id: string, objections: Parameters<typeof adReviews.decide>[1]) => {
    const decided = await adReviews.decide(parseId(id) ?? 0, objections)
    if (decided === undefined) throw new ApiError('adEntityNotFound', { detail: `There is no ad ${id}.` })
    if (!decided) throw invalid('ad_id: its review is not pending.')
    return undefined
  }
  return {
    triggerAdApprove: ({ body }) => decide(body.ad_id, []),
    triggerAdReject: ({ body: { ad_id, problem = failsOnPurpose } }) =>
      decide(ad_id, [{ reason: 'OTHER', label: problem }]),
  }
}

const types = {
  impressions: 'impression',
  pin_clicks: 'pin_click',
  outbound_clicks: 'outbound_click',
  video_starts: 'video_start',
  comments: 'comment',
  reactions: 'reaction',
} as const

/** Sends the events of many viewers, and returns how many of them were counted. */
async function sendTraffic(
  traffic: Traffic,
  { analytics, clock }: Pick<TriggerServices, 'analytics' | 'clock'>,
): Promise<number> {
  const at = new Date(clock.now() - (traffic.days_ago ?? 0) * dayMs).toISOString()
  const sender = { accountId: undefined, address: '', userAgent: '' }
  let counted = 0
  for (const [name, type] of Object.entries(types))
    for (let left = traffic[name as keyof typeof types] ?? 0; left > 0; left -= batch) {
      const events = Array.from({ length: Math.min(left, batch) }, () => ({
        ...{ id: randomUUID(), type, pin_id: traffic.pin_id, at },
        viewer: randomUUID(),
      }))
      counted += (await analytics.takeEvents(events, sender)).counted
    }
  return counted
}
