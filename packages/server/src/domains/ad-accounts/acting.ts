import { type AdRight, adRights, type BusinessAccessRole, type OrganicRight, organicRights } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Caller, Viewer } from '../../core/viewer.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import type { AdAccountRow, AdAccountStore } from './store.ts'

/** Somebody who acts for another. */
export interface Acting {
  /** The account of the token. */
  caller: Pick<Caller, 'accountId'>
  /** What the token allows on the caller's own account. */
  viewer: Viewer
  /** The id of the ad account, as it was sent. */
  adAccountId: string
  /** What is needed for what is to be done. */
  right: OrganicRight
}

/** Acting as the account that owns an ad account. */
export interface ActingForOwners {
  /**
   * Returns the viewer that the owner of an ad account is, with no more access to what is secret than the token and
   * the caller's roles allow. Throws `forbidden` when the caller has no role that allows it; the same when there is no
   * such ad account.
   */
  viewerFor(acting: Acting): Promise<Viewer>
  /**
   * Returns an ad account in which the caller has a role that allows something. Throws `forbidden` when none does; the same
   * when there is no such ad account.
   */
  adAccountFor(caller: Pick<Caller, 'accountId'>, adAccountId: string, right: AdRight): Promise<AdAccountRow>
}

/** Makes the rules of acting for others. */
export function actingForOwners(
  store: Pick<AdAccountStore, 'access'>,
  accounts: Pick<Accounts, 'byId'>,
): ActingForOwners {
  return {
    async adAccountFor({ accountId }, adAccountId, right) {
      const id = parseId(adAccountId)
      const access = id === undefined ? [] : await store.access(id, accountId)
      const [first] = access
      if (!first) throw noAccess(adAccountId)
      if (!access.some(({ role }) => adRights[role]?.includes(right))) throw roleTooSmall(adAccountId, adRights, right)
      const { role: _, ...row } = first
      return row
    },

    async viewerFor({ caller, viewer, adAccountId, right }) {
      const id = parseId(adAccountId)
      const access = id === undefined ? [] : await store.access(id, caller.accountId)
      const [{ owner_id: ownerId } = { owner_id: undefined }] = access
      if (ownerId === undefined) throw noAccess(adAccountId)
      const rights = rightsOf(access.map(({ role }) => role))
      if (!rights.has(right)) throw roleTooSmall(adAccountId, organicRights, right)
      if (ownerId === caller.accountId) return viewer
      return asOwner(await accounts.byId(ownerId), viewer, rights)
    },
  }
}

const asOwner = ({ id, username }: AccountRow, viewer: Viewer, rights: ReadonlySet<OrganicRight>): Viewer => ({
  accountId: id,
  username,
  actorId: viewer.accountId,
  secret: rights.has('secrets') ? viewer.secret : 'none',
})

function rightsOf(roles: readonly BusinessAccessRole[]): Set<OrganicRight> {
  return new Set(roles.flatMap((role) => organicRights[role] ?? []))
}

/** The error for an ad account that is not there, and for one that somebody has no role in: nothing tells them apart. */
export const noAccess = (adAccountId: string): ApiError =>
  new ApiError('forbidden', { detail: `The account has no access to ad account ${adAccountId}.` })

function roleTooSmall<Right>(
  adAccountId: string,
  rightsOfRoles: Partial<Record<BusinessAccessRole, readonly Right[]>>,
  right: Right,
): ApiError {
  const roles = Object.entries(rightsOfRoles).flatMap(([role, rights]) => (rights.includes(right) ? [role] : []))
  return new ApiError('forbidden', {
    detail: `In ad account ${adAccountId} it needs one of the roles ${roles.join(', ')}.`,
  })
}
