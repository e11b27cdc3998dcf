/** The result of a batch of events: how many arrived, and how many of them … */
export interface Receipt {
  received: number
  /** … were counted, */
  counted: number
  /** … and, if any names an ad, how many of those count for an ad as well, */
  counted_for_ads?: number
  /** … had arrived before, */
  duplicates: number
  /** … were impressions of a viewer who already counts for that Pin, */
  repeated: number
  /** … were by the Pin's owner, */
  own: number
  /** … were by a crawler, */
  crawlers: number
  /** … or were of a Pin that does not exist, or is secret. */
  unknown: number
}
