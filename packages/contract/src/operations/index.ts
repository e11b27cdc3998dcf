import { boardSectionOperations } from './board-sections.ts'
import { boardOperations } from './boards.ts'
import { oauthOperations } from './oauth.ts'
import { pinOperations } from './pins.ts'
import { userAccountOperations } from './user-account.ts'

/** Every operation that there is. */
export const operations = [
  ...oauthOperations,
  ...userAccountOperations,
  ...boardOperations,
  ...boardSectionOperations,
  ...pinOperations,
] as const

type Operations = (typeof operations)[number]

/** Pinterest's names for them: `pins/create`, … */
export type OperationId = Operations['id']

/** The declaration of one operation. */
export type OperationOf<Id extends OperationId> = Extract<Operations, { id: Id }>
