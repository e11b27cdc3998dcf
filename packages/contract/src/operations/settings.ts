import { usernameParams } from '../models/follow.ts'
import {
  AccountChange,
  AccountSettings,
  BrowserSession,
  ConnectedApp,
  currentPassword,
  ProfilePicture,
  profilePictureMaxBytes,
} from '../models/settings.ts'
import { Person } from '../models/web.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'
import { onlyHere, sessionReads, sessionWrites } from './session-only.ts'

const people = {
  root: '/_pinfold',
  tag: 'web',
  category: 'org_read',
  auth: { by: 'anyone', scopes: ['user_accounts:read'] },
} as const

/** What people change about their own accounts, in the web app alone; and who follows whom. */
export const settings = {
  /** What one can change about one's account. */
  get: operation({
    ...sessionReads,
    id: 'web/get_settings',
    method: 'GET',
    path: '/web/settings',
    summary: 'Get the settings of the account',
    description: `What somebody can change about their account. ${onlyHere}`,
    success: { status: 200, description: 'The settings.', schema: AccountSettings },
    errors: { forbidden: {} },
  }),
  /** Changes one's profile, or makes it a business's or a person's. */
  update: operation({
    ...sessionWrites,
    id: 'web/update_settings',
    method: 'PATCH',
    path: '/web/settings',
    summary: 'Change the account',
    description: `Changes the profile. An account that becomes a business gets an ad account if it has none. ${onlyHere}`,
    body: { type: 'json', schema: AccountChange },
    success: { status: 200, description: 'The settings.', schema: AccountSettings },
    errors: { forbidden: {} },
  }),
  /** Chooses a picture for one's account. */
  setPicture: operation({
    ...sessionWrites,
    id: 'web/set_picture',
    method: 'PUT',
    path: '/web/settings/picture',
    summary: 'Choose a profile picture',
    description:
      'Makes a square of a picture the profile picture, 600 pixels wide at most and without metadata, in place of the one ' +
      `before. ${onlyHere}`,
    body: { type: 'json', schema: ProfilePicture, maxBytes: profilePictureMaxBytes, hasPictures: true },
    success: { status: 200, description: 'The settings.', schema: AccountSettings },
    errors: { forbidden: {}, imageInvalid: {} },
  }),
  /** Removes the picture of one's account. */
  removePicture: operation({
    ...sessionWrites,
    id: 'web/remove_picture',
    method: 'DELETE',
    path: '/web/settings/picture',
    summary: 'Remove the profile picture',
    description: `Removes the profile picture: a drawn one takes its place. ${onlyHere}`,
    success: { status: 200, description: 'The settings.', schema: AccountSettings },
    errors: { forbidden: {} },
  }),
  /** Changes one's password, and ends the other sessions. */
  setPassword: operation({
    ...sessionWrites,
    id: 'web/set_password',
    method: 'POST',
    path: '/web/settings/password',
    summary: 'Change the password',
    description: `Changes the password, and ends every session but the one that asks. ${onlyHere}`,
    body: {
      type: 'json',
      schema: Type.Object(
        {
          current_password: currentPassword,
          new_password: Type.String({ minLength: 8, maxLength: 200, description: 'The password from now on.' }),
        },
        {
          additionalProperties: false,
          examples: [{ current_password: 'pinfold-demo', new_password: 'three cups and a bowl' }],
        },
      ),
    },
    success: { status: 204, description: 'It is changed.' },
    errors: { forbidden: {} },
  }),
  /** The browsers in which one is signed in. */
  listSessions: operation({
    ...sessionReads,
    id: 'web/list_sessions',
    method: 'GET',
    path: '/web/settings/sessions',
    summary: 'List the sessions',
    description: `The browsers in which somebody is signed in, the newest 100. ${onlyHere}`,
    success: {
      status: 200,
      description: 'The sessions.',
      schema: Type.Object({ items: Type.Array(BrowserSession, { description: 'The sessions, newest first.' }) }),
    },
    errors: { forbidden: {} },
  }),
  /** Ends a session, or all others. */
  endSessions: operation({
    ...sessionWrites,
    id: 'web/end_sessions',
    method: 'POST',
    path: '/web/settings/sessions/end',
    summary: 'End sessions',
    description:
      'Ends a session, or every one but the one that asks. Needs the password, unless the sign-in was in the last ten ' +
      `minutes. ${onlyHere}`,
    body: {
      type: 'json',
      schema: Type.Object(
        {
          session_id: Type.Optional(
            Type.String({ maxLength: 64, description: 'The session. Without it: all others.' }),
          ),
          current_password: Type.Optional(currentPassword),
        },
        { additionalProperties: false, examples: [{ session_id: 'Zk3hW0mPq7sT1xYb' }] },
      ),
    },
    success: { status: 204, description: 'They are ended, if they were there.' },
    errors: { forbidden: {} },
  }),
  /** The apps that may act for one. */
  listApps: operation({
    ...sessionReads,
    id: 'web/list_connected_apps',
    method: 'GET',
    path: '/web/settings/apps',
    summary: 'List the connected apps',
    description: `The apps that have valid tokens of the account. ${onlyHere}`,
    success: {
      status: 200,
      description: 'The apps.',
      schema: Type.Object({ items: Type.Array(ConnectedApp, { description: 'The apps, by name.' }) }),
    },
    errors: { forbidden: {} },
  }),
  /** Takes an app's access away. */
  removeApp: operation({
    ...sessionWrites,
    id: 'web/remove_connected_app',
    method: 'DELETE',
    path: '/web/settings/apps/{app_id}',
    summary: 'Remove a connected app',
    description: `Revokes every token and code that an app has of the account. ${onlyHere}`,
    params: Type.Object({ app_id: Id('The app.') }),
    success: { status: 204, description: 'It has none.' },
    errors: { forbidden: {} },
  }),
  /** Those who follow an account. */
  listFollowers: operation({
    ...people,
    id: 'web/list_followers',
    method: 'GET',
    path: '/web/users/{username}/followers',
    summary: 'List who follows an account',
    description: 'Those who follow an account, newest follow first.',
    params: usernameParams,
    query: Type.Object(pageQuery),
    success: { status: 200, description: 'A page of accounts.', schema: PageOf(Person, 'The accounts.') },
    errors: { userNotFound: {} },
  }),
  /** Those whom an account follows. */
  listFollowing: operation({
    ...people,
    id: 'web/list_following',
    method: 'GET',
    path: '/web/users/{username}/following',
    summary: 'List whom an account follows',
    description: 'The accounts that an account follows, newest follow first.',
    params: usernameParams,
    query: Type.Object(pageQuery),
    success: { status: 200, description: 'A page of accounts.', schema: PageOf(Person, 'The accounts.') },
    errors: { userNotFound: {} },
  }),
} as const
