import type { PinterestClient } from '@pinfold/client'
import type { Scope, Static, TSchema } from '@pinfold/contract'
import type { McpHost } from './host.ts'
import type { Toolset } from './toolsets.ts'

/** A picture to show. */
export interface ShownPicture {
  mimeType: 'image/jpeg' | 'image/png'
  bytes: Uint8Array
}

/** What a tool answers: a value, and pictures that go with it. */
export interface Answer {
  value: object
  pictures?: readonly ShownPicture[]
}

/** What a tool may use while it works. */
export interface Work {
  host: McpHost
  client: PinterestClient
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal
  /**
   * Returns once the person agrees to something that cannot be undone. Where the client can ask, it does; elsewhere
   * `confirm`, which the tool takes, must be true. Throws otherwise.
   */
  consent(question: string, confirm: boolean | undefined): void
}

/** A tool, as it is offered and run. */
export interface Tool<Input extends TSchema = TSchema> {
  name: string
  title: string
  description: string
  toolset: Toolset
  /** What it does to data. What deletes asks first. */
  effect: 'reads' | 'writes' | 'deletes'
  /** The scopes that a token must have for it to be of use. */
  scopes: readonly Scope[]
  input: Input
  run(input: Static<Input>, work: Work): Promise<Answer>
}

/** A tool whose input has been checked by its schema. */
export type AnyTool = Omit<Tool, 'run'> & { run(input: never, work: Work): Promise<Answer> }

/** Declares a tool and keeps the type of its input. */
export function tool<Input extends TSchema>(declared: Tool<Input>): Tool<Input> {
  return declared
}

/** What the caller of a tool can mend: the message says what was wrong and what would be right. */
export class ToolError extends Error {}

/** A question that a person must answer before the tool goes on. */
export class Question extends Error {}
