import type { OperationOutput, resources } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { AccountRow } from '../../domains/accounts/accounts.ts'
import { avatarPath } from '../../domains/accounts/avatar.ts'
import { type BoardRow, coverKeys } from '../../domains/boards/boards.ts'
import type { Services } from '../services.ts'
import { renderBoard } from './board.ts'

type Web = typeof resources.web
type Person = NonNullable<OperationOutput<Web['getSession']>['person']>
type BoardView = OperationOutput<Web['getBoard']>

const shownCovers = 4

/** Makes the parts that several answers have. */
export function views({ accounts, mediaUrl }: Pick<Services, 'accounts' | 'mediaUrl'>) {
  const person = (account: AccountRow): Person => ({
    username: account.username,
    name: account.business_name ?? account.username,
    profile_image: mediaUrl() + avatarPath(account),
  })
  const coversOf = (row: BoardRow): string[] =>
    coverKeys(row)
      .slice(0, shownCovers)
      .map((key) => `${mediaUrl()}/media/400x300/${key}.jpg`)
  const board = (viewer: Viewer, row: BoardRow, owner: AccountRow): BoardView => ({
    board: renderBoard(row, owner.username, mediaUrl()),
    cover_urls: coversOf(row),
    owner: person(owner),
    is_yours: row.owner_id === viewer.accountId,
    is_archived: row.archived_at !== null,
    cover_pin_id: row.cover_key === null ? null : String(row.cover_pin_id),
  })
  /** Returns the account with this username. Throws `userNotFound`. */
  const accountOf = async (username: string): Promise<AccountRow> => {
    const account = await accounts.byUsername(username)
    if (!account) throw new ApiError('userNotFound')
    return account
  }
  return { person, coversOf, board, accountOf }
}
