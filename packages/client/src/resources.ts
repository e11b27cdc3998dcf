import type { Operation, OperationInput, OperationOutput, resources } from '@pinfold/contract'
import type { PagePromise } from './pages.ts'
import type { CallOptions } from './transport.ts'

// When the client is built for publishing, this module is replaced by these types written out (build/write-types.ts).

/** The ids in a path, in order. */
type Ids<Path extends string> = Path extends `${string}{${string}}${infer Rest}` ? [id: string, ...Ids<Rest>] : []

type Input<Op extends Operation> = OperationInput<Op>
type Query<Op extends Operation> = Input<Op>['query']

/** The result of a method: a list's pages and items, or the resource itself. */
type Answer<Op extends Operation> = Op extends { otherSuccesses: readonly object[] }
  ? Promise<OperationOutput<Op>>
  : OperationOutput<Op> extends { items: (infer Item)[]; bookmark: string | null }
    ? PagePromise<Item>
    : Promise<OperationOutput<Op> extends undefined ? void : OperationOutput<Op>>

/** A method: the path's ids, then the body if there is one, then the query, then options. */
type Method<Op extends Operation> = Op['body'] extends object
  ? (...args: [...Ids<Op['path']>, body: Input<Op>['body'], query?: Query<Op>, options?: CallOptions]) => Answer<Op>
  : (...args: [...Ids<Op['path']>, query?: Query<Op>, options?: CallOptions]) => Answer<Op>

type Methods<Group> = {
  [Name in keyof Group]: Group[Name] extends Operation ? Method<Group[Name]> : never
}

/** The methods of a client for these resources, under the same keys. */
export type ResourcesOf<Declared> = { [Name in keyof Declared]: Methods<Declared[Name]> }

/** The methods of a client by resource: each operation of the contract is one. */
export type Resources = ResourcesOf<Omit<typeof resources, 'oauth'>>

export type TokenAnswer = OperationOutput<(typeof resources)['oauth']['token']>
