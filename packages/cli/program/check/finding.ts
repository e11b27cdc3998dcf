/** Something that a program's call does against the contract. */
export interface Finding {
  /** The call's number in the file. */
  number: number
  /** Its method and path, without ids. */
  call: string
  operation: string | null
  problem:
    | 'unknown operation'
    | 'deprecated'
    | 'unknown field'
    | 'missing field'
    | 'wrong value'
    | 'missing scope'
    | 'retry without pause'
  /** The field, the operation, the scope or the version that it is about. */
  about: string
  /** What is wrong, and what would be right. */
  text: string
}

/** What a rule finds about one call. */
export type Found = Pick<Finding, 'problem' | 'about' | 'text'>
