export { type ClientOptions, type MediaExtras, type PinExtras, PinterestClient } from './client.ts'
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
export type { FileContent } from './file-content.ts'
export type { RequestFollowing } from './follow-requests.ts'
export { type AuthorizationUrlOptions, OAuth, type OAuthOptions, pkce, type Tokens } from './oauth.ts'
export type { RateLimitWait } from './pacing.ts'
export { Page, PagePromise } from './pages.ts'
export type { Picture } from './pictures.ts'
export type { CarouselPicture, NewPin } from './pin-body.ts'
export type { ControlExtras, SnapshotFileOptions } from './snapshot-files.ts'
export type { CallOptions, Logger } from './transport.ts'
export type { Account, Board, BoardCreate, BoardSection, Media, Pin, PinCreate, Resources } from './types.ts'
export type { Upload, UploadOptions, UploadProgress, Video, WhenReady } from './upload.ts'
export { verifyWebhook, type WebhookMessage, type WebhookRequest, WebhookVerificationError } from './webhook.ts'
