import {
  AdOfTrigger,
  AppOfTrigger,
  BoardOfTrigger,
  FailingMedia,
  FollowOfTrigger,
  MediaOfTrigger,
  PinOfTrigger,
  PinTraffic,
  RejectedAd,
  SavedPin,
  TokenOfTrigger,
  TrafficReceipt,
} from '../models/trigger.ts'
import { operation } from '../operation.ts'

const shared = {
  root: '/_pinfold',
  method: 'POST',
  tag: 'control',
  auth: { by: 'control' },
  category: 'org_write',
} as const

const happened = { status: 204, description: 'It has happened.' } as const

/** What others do that a program has to notice, on demand. Each goes the way that it goes otherwise. */
export const triggers = {
  /** Has a token expire now. */
  triggerTokenExpire: operation({
    ...shared,
    id: 'control/trigger_token_expire',
    path: '/trigger/token.expire',
    summary: 'Let a token expire',
    description: 'Has an access or refresh token expire now. An access token can be renewed as usual.',
    body: { type: 'json', schema: TokenOfTrigger },
    success: happened,
    errors: { tokenNotFound: {} },
  }),
  /** Revokes a token; a refresh token takes its access tokens with it. */
  triggerTokenRevoke: operation({
    ...shared,
    id: 'control/trigger_token_revoke',
    path: '/trigger/token.revoke',
    summary: 'Revoke a token',
    description: 'Revokes a token. A refresh token takes the access tokens with it that it gave.',
    body: { type: 'json', schema: TokenOfTrigger },
    success: happened,
    errors: { tokenNotFound: {} },
  }),
  /** Has an account take away all access that an app has. */
  triggerAppDisconnect: operation({
    ...shared,
    id: 'control/trigger_app_disconnect',
    path: '/trigger/app.disconnect',
    summary: 'Disconnect an app',
    description: 'Has an account remove an app in its settings: all tokens that the app has of it are revoked.',
    body: { type: 'json', schema: AppOfTrigger },
    success: happened,
    errors: { appNotFound: {}, userNotFound: {} },
  }),
  /** Has an upload be processed now, and resolves when it is. */
  triggerMediaReady: operation({
    ...shared,
    id: 'control/trigger_media_ready',
    path: '/trigger/media.ready',
    summary: 'Process an upload',
    description: 'Has an upload that waits be processed, and answers when it is. Its file must have arrived.',
    body: { type: 'json', schema: MediaOfTrigger },
    success: happened,
    errors: { mediaNotFound: {} },
  }),
  /** Has the processing of an upload fail. */
  triggerMediaFail: operation({
    ...shared,
    id: 'control/trigger_media_fail',
    path: '/trigger/media.fail',
    summary: 'Let an upload fail',
    description: 'Has an upload fail that waits, or is being processed. Its file must have arrived.',
    body: { type: 'json', schema: FailingMedia },
    success: happened,
    errors: { mediaNotFound: {} },
  }),
  /** Has the review approve an ad now. */
  triggerAdApprove: operation({
    ...shared,
    id: 'control/trigger_ad_approve',
    path: '/trigger/ad.approve',
    summary: 'Approve an ad',
    description: 'Has the review approve an ad that is pending, whatever it shows.',
    body: { type: 'json', schema: AdOfTrigger },
    success: happened,
    errors: { adEntityNotFound: {} },
  }),
  /** Has the review reject an ad now. */
  triggerAdReject: operation({
    ...shared,
    id: 'control/trigger_ad_reject',
    path: '/trigger/ad.reject',
    summary: 'Reject an ad',
    description: 'Has the review reject an ad that is pending, for the problem that is named.',
    body: { type: 'json', schema: RejectedAd },
    success: happened,
    errors: { adEntityNotFound: {} },
  }),
  /** Has a board be deleted by its owner. */
  triggerBoardDelete: operation({
    ...shared,
    id: 'control/trigger_board_delete',
    path: '/trigger/board.delete',
    summary: 'Delete a board',
    description: 'Has a board be deleted by its owner, with its sections and Pins.',
    body: { type: 'json', schema: BoardOfTrigger },
    success: happened,
    errors: { boardNotFound: {} },
  }),
  /** Has a Pin be deleted by its owner. */
  triggerPinDelete: operation({
    ...shared,
    id: 'control/trigger_pin_delete',
    path: '/trigger/pin.delete',
    summary: 'Delete a Pin',
    description: 'Has a Pin be deleted by its owner.',
    body: { type: 'json', schema: PinOfTrigger },
    success: happened,
    errors: { pinNotFound: {} },
  }),
  /** Has a Pin be saved to a board, by the board's owner. */
  triggerPinSave: operation({
    ...shared,
    id: 'control/trigger_pin_save',
    path: '/trigger/pin.save',
    summary: 'Save a Pin',
    description: 'Has a Pin be saved to a board, by the board’s owner.',
    body: { type: 'json', schema: SavedPin },
    success: happened,
    errors: { boardNotFound: {}, pinNotFound: {}, forbidden: {} },
  }),
  /** Has many people see a Pin, open it or follow its link. */
  triggerPinTraffic: operation({
    ...shared,
    id: 'control/trigger_pin_traffic',
    path: '/trigger/pin.traffic',
    summary: 'Send people to a Pin',
    description: 'Has people see a Pin, open it, follow its link and so on. It is counted as if they had.',
    body: { type: 'json', schema: PinTraffic },
    success: { status: 200, description: 'What was counted.', schema: TrafficReceipt },
    errors: { pinNotFound: {} },
  }),
  /** Has an account follow another. */
  triggerAccountFollow: operation({
    ...shared,
    id: 'control/trigger_account_follow',
    path: '/trigger/account.follow',
    summary: 'Follow an account',
    description: 'Has an account follow another.',
    body: { type: 'json', schema: FollowOfTrigger },
    success: happened,
    errors: { userNotFound: {}, forbidden: {} },
  }),
  /** Has an account no longer follow another. */
  triggerAccountUnfollow: operation({
    ...shared,
    id: 'control/trigger_account_unfollow',
    path: '/trigger/account.unfollow',
    summary: 'Unfollow an account',
    description: 'Has an account no longer follow another.',
    body: { type: 'json', schema: FollowOfTrigger },
    success: happened,
    errors: { userNotFound: {} },
  }),
} as const
