import { type BusinessAccessRole, type OrganicRight, organicRights } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Caller, Viewer } from '../../core/viewer.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import type { AdAccountStore } from './store.ts'

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
}

/** Makes the rules of acting for others. */
export function actingForOwners(
  store: Pick<AdAccountStore, 'access'>,
  accounts: Pick<Accounts, 'byId'>,
): ActingForOwners {
  return {
    async viewerFor({ caller, viewer, adAccountId, right }) {
      const id = parseId(adAccountId)
      const access = id === undefined ? [] : await store.access(id, caller.accountId)
      const [{ owner_id: ownerId } = { owner_id: undefined }] = access
      if (ownerId === undefined) throw noAccess(adAccountId)
      const rights = rightsOf(access.map(({ role }) => role))
      if (!rights.has(right)) throw roleTooSmall(adAccountId, right)
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

function roleTooSmall(adAccountId: string, right: OrganicRight): ApiError {
  const roles = Object.entries(organicRights).flatMap(([role, rights]) => (rights.includes(right) ? [role] : []))
  return new ApiError('forbidden', {
    detail: `In ad account ${adAccountId} it needs one of the roles ${roles.join(', ')}.`,
  })
}
