/**
 * Every scope a token can have, with the words of the consent page for it. The names are Pinterest's. Scopes for
 * features that Pinfold does not serve can be granted, and then allow nothing.
 */
export const scopes = {
  'ads:read': 'See your advertising data',
  'ads:write': 'Create, change and delete your advertising',
  'billing:read': 'See your billing data',
  'billing:write': 'Change your billing data',
  'biz_access:read': 'See who has access to your business',
  'biz_access:write': 'Change who has access to your business',
  'boards:read': 'See your public and protected boards',
  'boards:read_secret': 'See your secret boards',
  'boards:write': 'Create, change and delete your public and protected boards',
  'boards:write_secret': 'Create, change and delete your secret boards',
  'catalogs:read': 'See your product catalogues',
  'catalogs:write': 'Create, change and delete your product catalogues',
  'msot:write': 'Send measurement events',
  'pins:read': 'See your public Pins',
  'pins:read_secret': 'See the Pins on your secret boards',
  'pins:write': 'Create, change and delete your public Pins',
  'pins:write_secret': 'Create, change and delete the Pins on your secret boards',
  'user_accounts:read': 'See your account, your profile and who follows you',
  'user_accounts:write': 'Change your account and whom you follow',
} as const

export type Scope = keyof typeof scopes

/** All scopes, in alphabetical order. */
export const allScopes = Object.keys(scopes) as Scope[]

/** Returns whether `name` is a scope. */
export function isScope(name: string): name is Scope {
  return Object.hasOwn(scopes, name)
}

/**
 * Returns the further scopes that an operation needs when the board or Pin is secret: the secret scope beside each of
 * its plain scopes for boards and Pins.
 */
export function secretScopes(plain: readonly Scope[]): Scope[] {
  return plain.map((scope) => `${scope}_secret`).filter(isScope)
}
