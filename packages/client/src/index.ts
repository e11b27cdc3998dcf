export { type ClientOptions, type PinExtras, PinterestClient } from './client.ts'
export type { Created, CreateManyOptions, Progress } from './create-many.ts'
export {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  PinterestError,
  RateLimitError,
  ServerError,
} from './errors.ts'
export { type AuthorizationUrlOptions, OAuth, type OAuthOptions, pkce, type Tokens } from './oauth.ts'
export type { RateLimitWait } from './pacing.ts'
export { Page, PagePromise } from './pages.ts'
export type { NewPin, Picture } from './pictures.ts'
export type { CallOptions, Logger } from './transport.ts'
export type { Account, Board, BoardCreate, BoardSection, Pin, PinCreate, Resources } from './types.ts'
