export type { Static, TSchema } from 'typebox'
export * from './business-access.ts'
export * from './countries.ts'
export { type LeadFormQuestion, leadFormQuestions } from './data/lead-form-questions.ts'
export * from './data/report-columns/column.ts'
export { asyncColumns, columnsOf, reportColumns } from './data/report-columns/index.ts'
export { type SyncColumn, syncColumns } from './data/sync-columns.ts'
export * from './data/targeting.ts'
export * from './errors.ts'
export { type ExampleRequest, exampleRequest } from './example-request.ts'
export * from './features.ts'
export { httpFile } from './http-file.ts'
export { type AccountType, accountTypes } from './models/account.ts'
export type { AdRejectedReason, AdSummaryStatus } from './models/ads/ad.ts'
export type { BidStrategy, BillableEvent, BudgetType } from './models/ads/ad-group.ts'
export { type Granularity, granularities } from './models/ads/analytics.ts'
export type { BidOptionPart, Objective } from './models/ads/campaign.ts'
export {
  type EntityStatus,
  entityStatuses,
  mostBatchItems,
  mostFilterIds,
  type SummaryStatus,
} from './models/ads/common.ts'
export type {
  BudgetDuration,
  DerivedMetric,
  DerivedMetricField,
  EstimationType,
} from './models/ads/delivery-estimates.ts'
export type { SizedCreativeType } from './models/ads/estimates.ts'
export { type KeywordParent, type MatchType, matchTypes } from './models/ads/keyword.ts'
export {
  type LabelStatus,
  type LabelType,
  labelStatuses,
  labelTypes,
  mostLabelsOnCampaign,
} from './models/ads/label.ts'
export {
  type OrderLinePaidType,
  type OrderLineStatus,
  orderLinePaidTypes,
  orderLineStatuses,
} from './models/ads/order-line.ts'
export type { DiscountStatus } from './models/ads/promotion.ts'
export { countedReportLevels, type ReportFormat, type ReportLevel, reportLevels } from './models/ads/report.ts'
export { type ScheduleStatus, scheduleStatuses } from './models/ads/schedule.ts'
export * from './models/analytics.ts'
export { type ReviewPoint, type ReviewState, reviewPoints, reviewStates } from './models/app-review.ts'
export { type BoardPrivacy, boardPrivacies } from './models/board.ts'
export { durationUnits } from './models/control.ts'
export { mostOwnApps, mostOwnTokens } from './models/developer.ts'
export * from './models/event.ts'
export { type PinKind, pinKinds, type SearchScope, searchScopes } from './models/finding.ts'
export { type FeedType, feedTypes, type InterestKey, interestKeys, interests } from './models/follow.ts'
export { type MediaStatus, mediaStatuses } from './models/media.ts'
export { type GrantType, grantTypes } from './models/oauth.ts'
export { type AiDisclosure, type CreativeType, creativeTypes } from './models/pin.ts'
export { type ProductCategory, productCategories, type Vertical } from './models/product-category.ts'
export { maxProductTags, type ProductTagProblem, productTagProblems } from './models/product-tag.ts'
export { sandboxIdleSeconds } from './models/sandbox.ts'
export { type TransitionKind, transitionKinds, transitionModes } from './models/transition.ts'
export { lookbackWindows, type TopicInterest, type TrendEngagement, type TrendType } from './models/trend.ts'
export { type Feed, feeds } from './models/web.ts'
export {
  type DeliveryStatus,
  type ThresholdMetric,
  type WebhookEvent,
  type WebhookStatus,
  webhookEvents,
  webhooksPerAccount,
  webhookTestEvent,
} from './models/webhook.ts'
export { type VerificationMethod, verificationMethods } from './models/website.ts'
export { openApiDocument, pinterestVersion } from './openapi.ts'
export {
  errorsOf,
  type MainOutput,
  type Operation,
  type OperationAuth,
  type OperationInput,
  type OperationOutput,
  type OperationSuccess,
  operation,
  type Success,
  successesOf,
} from './operation.ts'
export { type OperationId, type OperationOf, operations, resources } from './operations/index.ts'
export { postmanCollection } from './postman.ts'
export * from './rate-limits.ts'
export type { RequestCredentials } from './request-variables.ts'
export * from './schema.ts'
export * from './scopes.ts'
export { Type } from './type.ts'
