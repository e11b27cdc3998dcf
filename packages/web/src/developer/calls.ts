import type { OperationId, OperationInput, OperationOf, OperationOutput } from '@pinfold/contract'
import { declareCall } from '../api/call.ts'
import { declareControl } from './control-call.ts'

// Every operation that the developer pages call.

export const listApps = declareCall<'developer/list_apps'>('GET', '/_pinfold/developer/apps')
export const createApp = declareCall<'developer/create_app'>('POST', '/_pinfold/developer/apps')
export const updateApp = declareCall<'developer/update_app'>('PATCH', '/_pinfold/developer/apps/{app_id}')
export const rotateSecret = declareCall<'developer/rotate_secret'>('POST', '/_pinfold/developer/apps/{app_id}/secret')
export const removeApp = declareCall<'developer/remove_app'>('DELETE', '/_pinfold/developer/apps/{app_id}')
export const reviewApp = declareCall<'developer/review_app'>('GET', '/_pinfold/developer/apps/{app_id}/review')
export const listTokens = declareCall<'developer/list_tokens'>('GET', '/_pinfold/developer/tokens')
export const createToken = declareCall<'developer/create_token'>('POST', '/_pinfold/developer/tokens')
export const removeToken = declareCall<'developer/remove_token'>('DELETE', '/_pinfold/developer/tokens/{token_id}')

export const listWebhooks = declareCall<'webhooks/list'>('GET', '/_pinfold/webhooks')
export const createWebhook = declareCall<'webhooks/create'>('POST', '/_pinfold/webhooks')
export const updateWebhook = declareCall<'webhooks/update'>('PATCH', '/_pinfold/webhooks/{webhook_id}')
export const deleteWebhook = declareCall<'webhooks/delete'>('DELETE', '/_pinfold/webhooks/{webhook_id}')
export const rotateWebhook = declareCall<'webhooks/rotate_secret'>('POST', '/_pinfold/webhooks/{webhook_id}/secret')
export const testWebhook = declareCall<'webhooks/test'>('POST', '/_pinfold/webhooks/{webhook_id}/test')
export const listDeliveries = declareCall<'webhooks/list_deliveries'>(
  'GET',
  '/_pinfold/webhooks/{webhook_id}/deliveries',
)
export const getDelivery = declareCall<'webhooks/get_delivery'>(
  'GET',
  '/_pinfold/webhooks/{webhook_id}/deliveries/{delivery_id}',
)
export const resendDelivery = declareCall<'webhooks/resend'>(
  'POST',
  '/_pinfold/webhooks/{webhook_id}/deliveries/{delivery_id}/resend',
)

export const getClock = declareControl<'control/get_clock'>('GET', '/_pinfold/clock')
export const setClock = declareControl<'control/set_clock'>('PUT', '/_pinfold/clock')
export const advanceClock = declareControl<'control/advance_clock'>('POST', '/_pinfold/clock/advance')
export const listFaults = declareControl<'control/list_faults'>('GET', '/_pinfold/faults')
export const addFault = declareControl<'control/add_fault'>('POST', '/_pinfold/faults')
export const setFaults = declareControl<'control/set_faults'>('PUT', '/_pinfold/faults')
export const listSnapshots = declareControl<'control/list_snapshots'>('GET', '/_pinfold/snapshots')
export const saveSnapshot = declareControl<'control/save_snapshot'>('POST', '/_pinfold/snapshots')
export const restoreSnapshot = declareControl<'control/restore_snapshot'>('POST', '/_pinfold/snapshots/{name}/restore')
export const deleteSnapshot = declareControl<'control/delete_snapshot'>('DELETE', '/_pinfold/snapshots/{name}')
export const resetData = declareControl<'control/reset'>('POST', '/_pinfold/reset')

export const listRequests = declareControl<'control/list_requests'>('GET', '/_pinfold/requests')
export const waitForRequests = declareControl<'control/wait_for_requests'>('GET', '/_pinfold/requests/wait')
export const getRequest = declareControl<'control/get_request'>('GET', '/_pinfold/requests/{request_id}')
export const replayRequest = declareControl<'control/replay_request'>('POST', '/_pinfold/requests/{request_id}/replay')
export const clearRequests = declareControl<'control/clear_requests'>('DELETE', '/_pinfold/requests')

type Answer<Id extends OperationId> = OperationOutput<OperationOf<Id>>

export type OwnApp = Answer<'developer/update_app'>
export type AppReview = Answer<'developer/review_app'>
export type OwnToken = Answer<'developer/create_token'>['token']
export type AppDraft = Parameters<typeof createApp>[0]['body']
export type TokenDraft = Parameters<typeof createToken>[0]['body']
export type Scope = TokenDraft['scopes'][number]
export type Webhook = Answer<'webhooks/update'>
export type WebhookDraft = Parameters<typeof createWebhook>[0]['body']
export type Delivery = Answer<'webhooks/get_delivery'>
export type ClockState = Answer<'control/get_clock'>
export type Fault = Answer<'control/add_fault'>
export type NewFault = Parameters<typeof addFault>[0]['body']
export type LoggedRequest = Answer<'control/list_requests'>['items'][number]
export type RequestDetail = Answer<'control/get_request'>
export type LogFilters = Omit<OperationInput<OperationOf<'control/list_requests'>>['query'], 'bookmark' | 'page_size'>
export type Snapshot = Answer<'control/save_snapshot'>
