import type { AccountMetric, AppType, Metric, PinMetric } from '@pinfold/contract'
import type { AccountFilter } from '../slices.ts'

/** The days and devices that are asked about. */
interface Query {
  /** `YYYY-MM-DD`, or a full time of which the day in UTC counts. */
  start_date: string
  end_date: string
  app_types?: 'ALL' | AppType
}

/** What is asked of Pins. */
export interface PinQuery extends Query {
  metric_types: readonly PinMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE'
}

/** What is asked of an account. */
export interface AccountQuery extends Query, AccountFilter {
  /** All of them unless some are named. */
  metric_types?: readonly AccountMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE' | 'OWNED_CONTENT' | 'SOURCE' | 'PIN_FORMAT'
}

/** What is asked of an account's top Pins. */
export interface TopQuery<Order extends Metric> extends Query, AccountFilter {
  /** All of them unless some are named. */
  metric_types?: readonly Metric[]
  sort_by: Order
  num_of_pins?: number
  created_in_last_n_days?: number
}
