const read = { by: 'token', scopes: ['ads:read'] } as const

/** What reading in an ad account asks for, where an app's own token is enough. */
export const seeing = { auth: { ...read, clientCredentials: true }, adRight: 'see', category: 'ads_read' } as const

/** The same where it is not. */
export const seeingForAccounts = {
  auth: { ...read, clientCredentials: false },
  adRight: 'see',
  category: 'ads_read',
} as const

/** What changes in an ad account ask for. */
export const managing = {
  auth: { by: 'token', scopes: ['ads:write'], clientCredentials: false },
  adRight: 'manage',
  category: 'ads_write',
} as const
