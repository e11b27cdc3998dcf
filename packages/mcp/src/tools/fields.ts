import { Type } from '@pinfold/contract'

/** A text of a person's that the service bounds. */
export const words = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ maxLength, ...(description && { description }) }))

/** The id of a Pin. */
export const PinId = (description = 'The id of the Pin.') => Type.String({ pattern: '^\\d{1,20}$', description })

/** A board, by its id or name. */
export const BoardName = Type.String({ minLength: 1, maxLength: 180, description: 'Id or name of the board.' })

/** A section, by its id or name. */
export const SectionName = Type.String({ minLength: 1, maxLength: 180, description: 'Id or name of the section.' })

/** A tool takes nothing that its schema does not name: a wrong name would be passed over silently. */
export const strict = { additionalProperties: false } as const

/** Whether to only say what would be done. */
export const DryRun = Type.Optional(Type.Boolean({ description: 'Only check and say what would be done.' }))

/** What stands for a person's consent where the client cannot ask. */
export const Confirm = Type.Optional(
  Type.Boolean({ description: 'True only if the person has agreed, and this client cannot ask them itself.' }),
)

/** Where a list goes on. */
export const Bookmark = Type.Optional(Type.String({ maxLength: 1024, description: '`bookmark` of the page before.' }))
