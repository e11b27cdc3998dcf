import type { BoardRow } from '../domains/boards/boards.ts'
import type { People } from './domains.ts'
import { accountNamed, asConfigError, every, NotThere } from './operator-people.ts'

/** A group board, for operators. */
export interface GroupBoardRecord {
  /** Its id. */
  id: string
  /** Its name. */
  name: string
  /** The username of the account that owns it. */
  owner: string
  /** Who may see it. */
  privacy: string
  /** The usernames of those who may pin to it beside its owner, the first ones first. */
  collaborators: string[]
}

/** Changes of who may pin to boards, by an operator. A board is named by its id, or as `OWNER/NAME`. */
export interface CollaboratorOperator {
  /** Yields every board that has collaborators, oldest first. */
  groupBoards(): AsyncGenerator<GroupBoardRecord>
  /** Returns a board with its collaborators. Throws `NotThere`. */
  groupBoard(board: string): Promise<GroupBoardRecord>
  /** Makes an account a collaborator of a board; again changes nothing. Throws `NotThere`, or `ConfigError`. */
  addCollaborator(board: string, username: string): Promise<GroupBoardRecord>
  /** Ends that an account is a collaborator; its Pins stay. Throws `NotThere`, also when it is none. */
  removeCollaborator(board: string, username: string): Promise<GroupBoardRecord>
}

/** Makes the changes over `people`. */
export function collaboratorsBy(people: People): CollaboratorOperator {
  const { accounts, collaborators } = people

  async function find(board: string): Promise<BoardRow> {
    const [, owner, name] = /^([^/]*)\/(.*)$/s.exec(board) ?? []
    const found =
      owner === undefined || name === undefined
        ? await collaborators.boardById(board)
        : await collaborators.boardByName((await accountNamed(people, owner)).id, name)
    if (!found) throw new NotThere(`There is no board '${board}'.`)
    return found
  }

  async function toRecord({ id, name, owner_id, privacy }: BoardRow): Promise<GroupBoardRecord> {
    const members = (await collaborators.of(id)).map(({ accountId }) => accountId)
    const known = await accounts.byIds([owner_id, ...members])
    const nameOf = (accountId: number) => known.get(accountId)?.username ?? String(accountId)
    return { id: String(id), name, owner: nameOf(owner_id), privacy, collaborators: members.map(nameOf) }
  }

  return {
    async *groupBoards() {
      for await (const row of every(collaborators.groupBoards)) yield toRecord(row)
    },
    groupBoard: async (board) => toRecord(await find(board)),
    async addCollaborator(board, username) {
      const row = await find(board)
      const account = await accountNamed(people, username)
      await asConfigError(collaborators.add(row.id, account.id))
      return toRecord(row)
    },
    async removeCollaborator(board, username) {
      const row = await find(board)
      const account = await accountNamed(people, username)
      if (!(await asConfigError(collaborators.remove(row.id, account.id))))
        throw new NotThere(`'${username}' is no collaborator of the board '${board}'.`)
      return toRecord(row)
    },
  }
}
