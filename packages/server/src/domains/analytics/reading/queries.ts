import type { AccountMetric, AppType, Metric, PinMetric } from '@pinfold/contract'
import type { AccountFilter } from '../slices.ts'

/** The requested days and devices. */
interface Query {
  /** `YYYY-MM-DD`, or a full time, whose day in UTC counts. */
  start_date: string
  end_date: string
  app_types?: 'ALL' | AppType
}

/** A query about Pins. */
export interface PinQuery extends Query {
  metric_types: readonly PinMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE'
}

/** A query about an account. */
export interface AccountQuery extends Query, AccountFilter {
  /** All of them by default. */
  metric_types?: readonly AccountMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE' | 'OWNED_CONTENT' | 'SOURCE' | 'PIN_FORMAT'
}

/** A query about an account's top Pins. */
export interface TopQuery<Order extends Metric> extends Query, AccountFilter {
  /** All of them by default. */
  metric_types?: readonly Metric[]
  sort_by: Order
  num_of_pins?: number
  created_in_last_n_days?: number
}
