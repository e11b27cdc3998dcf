import {
  mostOwnApps,
  mostOwnTokens,
  OwnApp,
  OwnAppChange,
  OwnAppDraft,
  OwnAppWithSecret,
  OwnToken,
  OwnTokenDraft,
  OwnTokenWithText,
} from '../models/developer.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'
import { ownAppReview } from './app-review.ts'
import { onlyHere, sessionReads, sessionWrites } from './session-only.ts'

const approval =
  'Who may control the server without a token, in front of its machine, may choose the tier and the restricted features; ' +
  'elsewhere an app begins on the tier `trial` without any, and the operator of the server raises it.'
const appParams = Type.Object({ app_id: Id('The app, an own one.') })

/** The apps and the tokens that somebody makes in the web app. */
export const developer = {
  /** The own apps, newest first. */
  listApps: operation({
    ...sessionReads,
    id: 'developer/list_apps',
    method: 'GET',
    path: '/developer/apps',
    summary: 'List your apps',
    description: `The apps that the account owns, newest first. ${onlyHere}`,
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of the apps.',
      schema: Type.Object({
        ...PageOf(OwnApp, 'The apps, newest first.').properties,
        may_approve: Type.Boolean({ description: 'Whether one may choose tiers and restricted features here.' }),
      }),
    },
    errors: { forbidden: {} },
  }),
  /** Makes an app, and tells its secret once. */
  createApp: operation({
    ...sessionWrites,
    id: 'developer/create_app',
    method: 'POST',
    path: '/developer/apps',
    summary: 'Create an app',
    description: `Makes an app of one's own, and tells its secret, once. There may be ${mostOwnApps}. ${approval} ${onlyHere}`,
    body: { type: 'json', schema: OwnAppDraft },
    success: { status: 201, description: 'The app and its secret.', schema: OwnAppWithSecret },
    errors: { forbidden: {} },
  }),
  /** Changes an own app. */
  updateApp: operation({
    ...sessionWrites,
    id: 'developer/update_app',
    method: 'PATCH',
    path: '/developer/apps/{app_id}',
    summary: 'Change one of your apps',
    description: `Changes an own app, from the next request on. Its tokens stay. ${approval} ${onlyHere}`,
    params: appParams,
    body: { type: 'json', schema: OwnAppChange },
    success: { status: 200, description: 'The app, as it is now.', schema: OwnApp },
    errors: { forbidden: {}, appNotFound: {} },
  }),
  /** Gives an own app another secret, and tells it once. */
  rotateSecret: operation({
    ...sessionWrites,
    id: 'developer/rotate_secret',
    method: 'POST',
    path: '/developer/apps/{app_id}/secret',
    summary: 'Renew the secret of one of your apps',
    description: `Gives an own app another secret, and tells it, once. The old one is not valid any more; tokens are. ${onlyHere}`,
    params: appParams,
    success: { status: 200, description: 'The app and its new secret.', schema: OwnAppWithSecret },
    errors: { forbidden: {}, appNotFound: {} },
  }),
  /** Deletes an own app, with all its tokens. */
  removeApp: operation({
    ...sessionWrites,
    id: 'developer/remove_app',
    method: 'DELETE',
    path: '/developer/apps/{app_id}',
    summary: 'Delete one of your apps',
    description: `Deletes an own app. Every token that it has, of any account, is revoked. ${onlyHere}`,
    params: appParams,
    success: { status: 204, description: 'It is deleted.' },
    errors: { forbidden: {}, appNotFound: {} },
  }),
  ...ownAppReview,
  /** The tokens that one made for oneself, newest first. */
  listTokens: operation({
    ...sessionReads,
    id: 'developer/list_tokens',
    method: 'GET',
    path: '/developer/tokens',
    summary: 'List your tokens',
    description: `The valid tokens that the account made for itself, newest first, without their texts. ${onlyHere}`,
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of the tokens.',
      schema: PageOf(OwnToken, 'The tokens, newest first.'),
    },
    errors: { forbidden: {} },
  }),
  /** Makes a token for oneself, and tells it once. */
  createToken: operation({
    ...sessionWrites,
    id: 'developer/create_token',
    method: 'POST',
    path: '/developer/tokens',
    summary: 'Create a token for yourself',
    description:
      'Makes an access token of an own app that acts for the account itself, with chosen scopes, and tells it, once. An app ' +
      `may have ${mostOwnTokens} of them. ${onlyHere}`,
    body: { type: 'json', schema: OwnTokenDraft },
    success: { status: 201, description: 'The token.', schema: OwnTokenWithText },
    errors: { forbidden: {}, appNotFound: {} },
  }),
  /** Revokes a token that one made for oneself. */
  removeToken: operation({
    ...sessionWrites,
    id: 'developer/remove_token',
    method: 'DELETE',
    path: '/developer/tokens/{token_id}',
    summary: 'Revoke one of your tokens',
    description: `Revokes a token that the account made for itself; does nothing if there is none. ${onlyHere}`,
    params: Type.Object({ token_id: Id('The token.') }),
    success: { status: 204, description: 'It is not valid any more.' },
    errors: { forbidden: {} },
  }),
} as const
