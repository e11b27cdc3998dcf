/** What became of the events of a batch: how many came, and how many of them … */
export interface Receipt {
  received: number
  /** … count, */
  counted: number
  /** … had come before, */
  duplicates: number
  /** … were impressions of a viewer whose impression of that Pin counts already, */
  repeated: number
  /** … were of the Pin's owner, */
  own: number
  /** … of a crawler, */
  crawlers: number
  /** … or of a Pin that is not there, or is secret. */
  unknown: number
}
