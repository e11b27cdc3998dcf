/** What somebody may be in an ad account: Pinterest's names. The first is its owner's alone. */
export const businessAccessRoles = [
  'OWNER',
  'ADMIN',
  'ANALYST',
  'SOS_READER',
  'FINANCE_MANAGER',
  'FINANCE_VIEW',
  'FINANCE_EDIT',
  'AUDIENCE_MANAGER',
  'CAMPAIGN_MANAGER',
  'CATALOGS_MANAGER',
  'RESTRICTED_OWNER',
  'PROFILE_MANAGER',
  'PROFILE_PUBLISHER',
  'RESOURCE_PINNER_LIST_OWNER',
  'RESOURCE_PINNER_LIST_READER',
  'BIZ_PINNER_LIST_SHARER',
  'RESOURCE_CONVERSION_TAGS_READER',
] as const
export type BusinessAccessRole = (typeof businessAccessRoles)[number]

/**
 * What a role allows on the boards, Pins and account of an ad account's owner: `pins` to read and write what is public
 * or protected, `analytics` to read how it did, `secrets` to do so with what is secret.
 */
export type OrganicRight = 'pins' | 'analytics' | 'secrets'

/**
 * The rights of each role. Those of OWNER, ADMIN, ANALYST and CAMPAIGN_MANAGER are what Pinterest says of `pins/get`,
 * `pins/save` and `pins/analytics`; it says nothing of the two that are about profiles. The others allow none of it.
 */
export const organicRights: Partial<Record<BusinessAccessRole, readonly OrganicRight[]>> = {
  OWNER: ['pins', 'analytics', 'secrets'],
  ADMIN: ['pins', 'analytics', 'secrets'],
  ANALYST: ['pins', 'analytics'],
  CAMPAIGN_MANAGER: ['pins'],
  PROFILE_MANAGER: ['pins', 'analytics'],
  PROFILE_PUBLISHER: ['pins'],
}

/**
 * What a role allows in the advertising of an ad account: to `see` what is there and how it did, to `manage` it, and to
 * `administer` the account as a whole.
 */
export type AdRight = 'see' | 'manage' | 'administer'

/** The rights of each role in advertising: what Pinterest says of lists and analytics. The others allow none of it. */
export const adRights: Partial<Record<BusinessAccessRole, readonly AdRight[]>> = {
  OWNER: ['see', 'manage', 'administer'],
  ADMIN: ['see', 'manage', 'administer'],
  ANALYST: ['see'],
  CAMPAIGN_MANAGER: ['see', 'manage'],
}
