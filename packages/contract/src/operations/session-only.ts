/** What is shared by operations that are only for somebody who is signed in in a browser. */
const shared = { root: '/_pinfold', tag: 'web', sessionOnly: true } as const

/** Those that read. */
export const sessionReads = {
  ...shared,
  category: 'org_read',
  auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: false },
} as const

/** Those that change something. */
export const sessionWrites = {
  ...shared,
  category: 'org_write',
  auth: { by: 'token', scopes: ['user_accounts:write'], clientCredentials: false },
} as const

/** What their descriptions end with. */
export const onlyHere = 'Only for somebody who is signed in in a browser: no token of an app is accepted.'
