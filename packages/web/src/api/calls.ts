import type { OperationId, OperationInput, OperationOf, OperationOutput } from '@pinfold/contract'
import { declareCall } from './call.ts'

// Every operation that the app calls.

export const getSession = declareCall<'web/get_session'>('GET', '/_pinfold/web/session')
export const listFeed = declareCall<'web/list_feed'>('GET', '/_pinfold/web/feed')
export const getPin = declareCall<'web/get_pin'>('GET', '/_pinfold/web/pins/{pin_id}')
export const listRelated = declareCall<'related/list_pins'>('GET', '/_pinfold/pins/{pin_id}/related')
export const getProfile = declareCall<'web/get_profile'>('GET', '/_pinfold/web/users/{username}')
export const listProfileBoards = declareCall<'web/list_profile_boards'>('GET', '/_pinfold/web/users/{username}/boards')
export const listProfilePins = declareCall<'web/list_profile_pins'>('GET', '/_pinfold/web/users/{username}/pins')
export const getBoard = declareCall<'web/get_board'>('GET', '/_pinfold/web/boards/{board_id}')
export const listSections = declareCall<'web/list_sections'>('GET', '/_pinfold/web/boards/{board_id}/sections')
export const listBoardPins = declareCall<'web/list_board_pins'>('GET', '/_pinfold/web/boards/{board_id}/pins')
export const follow = declareCall<'follow_user/update'>('POST', '/v5/user_account/following/{username}')
export const unfollow = declareCall<'web/unfollow'>('DELETE', '/_pinfold/web/users/{username}/follow')
export const createPin = declareCall<'pins/create'>('POST', '/v5/pins')
export const updatePin = declareCall<'pins/update'>('PATCH', '/v5/pins/{pin_id}')
export const deletePin = declareCall<'pins/delete'>('DELETE', '/v5/pins/{pin_id}')
export const listTrash = declareCall<'trash/list'>('GET', '/_pinfold/trash')
export const trashPin = declareCall<'trash/put'>('POST', '/_pinfold/trash/{pin_id}')
export const restorePin = declareCall<'trash/restore'>('POST', '/_pinfold/trash/{pin_id}/restore')
export const discardPin = declareCall<'trash/discard'>('DELETE', '/_pinfold/trash/{pin_id}')
export const emptyTrash = declareCall<'trash/empty'>('DELETE', '/_pinfold/trash')
export const savePin = declareCall<'pins/save'>('POST', '/v5/pins/{pin_id}/save')
export const createBoard = declareCall<'boards/create'>('POST', '/v5/boards')
export const updateBoard = declareCall<'boards/update'>('PATCH', '/v5/boards/{board_id}')
export const deleteBoard = declareCall<'boards/delete'>('DELETE', '/v5/boards/{board_id}')
export const createSection = declareCall<'board_sections/create'>('POST', '/v5/boards/{board_id}/sections')
export const updateSection = declareCall<'board_sections/update'>(
  'PATCH',
  '/v5/boards/{board_id}/sections/{section_id}',
)
export const deleteSection = declareCall<'board_sections/delete'>(
  'DELETE',
  '/v5/boards/{board_id}/sections/{section_id}',
)
export const arrangePins = declareCall<'web/arrange_pins'>('POST', '/_pinfold/web/boards/{board_id}/pins/arrange')
export const arrangeSections = declareCall<'web/arrange_sections'>(
  'POST',
  '/_pinfold/web/boards/{board_id}/sections/arrange',
)
export const updateBoardView = declareCall<'web/update_board'>('PATCH', '/_pinfold/web/boards/{board_id}')
export const mergeBoard = declareCall<'web/merge_board'>('POST', '/_pinfold/web/boards/{board_id}/merge')
export const searchPins = declareCall<'web/search_pins'>('GET', '/_pinfold/web/search/pins')
export const searchBoards = declareCall<'web/search_boards'>('GET', '/_pinfold/web/search/boards')
export const searchPeople = declareCall<'web/search_people'>('GET', '/_pinfold/web/search/people')
export const findBytes = declareCall<'web/find_bytes'>('GET', '/_pinfold/web/duplicates')
export const listDuplicates = declareCall<'web/list_duplicates'>('GET', '/_pinfold/web/pins/{pin_id}/duplicates')
export const suggest = declareCall<'web/suggest'>('GET', '/_pinfold/web/search/suggestions')
export const watchList = declareCall<'live/watch'>('GET', '/_pinfold/web/changes')
export const getSettings = declareCall<'web/get_settings'>('GET', '/_pinfold/web/settings')
export const updateSettings = declareCall<'web/update_settings'>('PATCH', '/_pinfold/web/settings')
export const setPicture = declareCall<'web/set_picture'>('PUT', '/_pinfold/web/settings/picture')
export const removePicture = declareCall<'web/remove_picture'>('DELETE', '/_pinfold/web/settings/picture')
export const setPassword = declareCall<'web/set_password'>('POST', '/_pinfold/web/settings/password')
export const listSessions = declareCall<'web/list_sessions'>('GET', '/_pinfold/web/settings/sessions')
export const endSessions = declareCall<'web/end_sessions'>('POST', '/_pinfold/web/settings/sessions/end')
export const listConnectedApps = declareCall<'web/list_connected_apps'>('GET', '/_pinfold/web/settings/apps')
export const removeApp = declareCall<'web/remove_connected_app'>('DELETE', '/_pinfold/web/settings/apps/{app_id}')
export const lookAtPage = declareCall<'web/look_at_page'>('POST', '/_pinfold/web/pages')
export const createMedia = declareCall<'media/create'>('POST', '/v5/media')
export const listFollowers = declareCall<'web/list_followers'>('GET', '/_pinfold/web/users/{username}/followers')
export const listFollowing = declareCall<'web/list_following'>('GET', '/_pinfold/web/users/{username}/following')

type Answer<Id extends OperationId> = OperationOutput<OperationOf<Id>>

export type Session = Answer<'web/get_session'>
export type Person = NonNullable<Session['person']>
export type PinView = Answer<'web/get_pin'>
export type Pin = PinView['pin']
export type Profile = Answer<'web/get_profile'>
export type BoardView = Answer<'web/get_board'>
export type SectionView = Answer<'web/list_sections'>['items'][number]
export type TrashedPin = Answer<'trash/list'>['items'][number]
export type Board = BoardView['board']
export type PinChange = Parameters<typeof updatePin>[0]['body']
export type NewPin = Parameters<typeof createPin>[0]['body']
export type Duplicate = Answer<'web/list_duplicates'>['same'][number]
export type Suggestions = Answer<'web/suggest'>
/** A list that is watched for changes: of a board, of an account, or else of the newest Pins. */
export type WatchedList = Omit<OperationInput<OperationOf<'live/watch'>>['query'], 'since'>
export type PinsQuery = Omit<OperationInput<OperationOf<'web/search_pins'>>['query'], 'bookmark' | 'page_size'>
export type FoundPicture = Answer<'web/look_at_page'>['pictures'][number]
export type AccountSettings = Answer<'web/get_settings'>
export type BrowserSession = Answer<'web/list_sessions'>['items'][number]
export type ConnectedApp = Answer<'web/list_connected_apps'>['items'][number]
