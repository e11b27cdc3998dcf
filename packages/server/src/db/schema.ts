import type {
  AccessTier,
  AccountType,
  BoardPrivacy,
  BusinessAccessRole,
  Country,
  CreativeType,
  Currency,
  DeliveryStatus,
  GrantType,
  LabelType,
  MediaStatus,
  WebhookStatus,
} from '@pinfold/contract'
import type { Generated } from 'kysely'
import type { AdCounts } from './ad-counters.ts'
import type { AccountCounts, Counts } from './counters.ts'

/** What the tables of what is advertised have in common. */
export interface AdEntityColumns {
  id: number
  ad_account_id: number
  /** What it is in: the ad account, if nothing else. */
  parent_id: number
  status: string
  created_at: number
  updated_at: number
  /** The rest, as JSON. */
  data: string
}

/** How far the review of an ad is. */
/** How far a job is. */
export type JobStatus = 'IN_PROGRESS' | 'FINISHED' | 'FAILED' | 'EXPIRED'

export type AdReviewStatus = 'PENDING' | 'APPROVED' | 'REJECTED'

/**
 * The tables. Times are milliseconds UTC, flags 0 or 1, ids positive integers below 2⁵³ that grow with time.
 * Lists in a text column are JSON.
 */
export interface Schema {
  meta: { key: string; value: string }

  accounts: {
    id: number
    username: string
    /** The normal form of the username, which must be unique. */
    username_key: string
    /** Null: sign-in with a password is not possible. */
    password_hash: string | null
    account_type: AccountType
    business_name: string | null
    /** The normal form of the business name, by which it is found. */
    business_name_key: string | null
    about: string
    website_url: string
    /** The number of its own boards. */
    board_count: number
    /** The number of boards of others that it is a collaborator of. */
    joined_board_count: number
    pin_count: number
    /** The number of its Pins that are secret, on boards of whomever. */
    secret_pin_count: number
    follower_count: number
    following_count: number
    created_at: number
    /** The keys of the websites that it has claimed, as JSON; kept here so that a new Pin finds them where it is counted. */
    claimed_sites: string
    /** The key of the picture that was chosen for it; null: one is drawn. */
    avatar_key: string | null
  }
  /** The websites that accounts have claimed. */
  websites: {
    id: number
    account_id: number
    website: string
    /** The website in the form that must be unique. */
    website_key: string
    verified_at: number
  }
  /** The codes that accounts put on their websites. */
  website_owners: {
    account_id: number
    code: string
    /** The account's Pins with smaller ids are still to be marked as claimed or not; null: none are. */
    mark_before: number | null
  }
  /** Where events of accounts are told. */
  webhooks: {
    id: number
    account_id: number
    /** The app that made it; 0: the person, in the web app. */
    app_id: number
    url: string
    description: string
    /** The types that it tells of, separated by spaces. */
    events: string
    /** When it tells `pin.reached`, as JSON. */
    thresholds: string
    /** Whether it tells of secret things too. */
    sees_secret: number
    status: WebhookStatus
    /** Why it is not enabled, in words. */
    problem: string | null
    /** What its secret follows from, with the installation's key: the secret itself is nowhere. */
    secret_salt: string
    /** That of the secret before, which signs too until `old_secret_until`. */
    old_secret_salt: string | null
    old_secret_until: number | null
    /** Since when no delivery has succeeded; null: the last one did. */
    failing_since: number | null
    created_at: number
  }
  /** The events on their way to webhooks, each written in the transaction in which it happens; and how it went. */
  webhook_deliveries: {
    /** The order in which they were written, by whichever server: that in which those of one object are sent. */
    seq: Generated<number>
    id: number
    webhook_id: number
    /** The same for all webhooks that are told of one event. */
    message_id: number
    /** What it is about, such as `pin 123`. */
    object_key: string
    type: string
    /** Whether only those may see it who see secret things. */
    is_secret: number
    /** What is sent, JSON. */
    body: string
    status: DeliveryStatus
    attempts: number
    created_at: number
    next_attempt_at: number
    /** Tries end at the first one that fails after this. */
    tried_until: number
    /** The process that is sending it, and until when, by the machine's clock, nobody else may. */
    leased_by: string
    leased_until: number
    answer_status: number | null
    problem: string | null
    finished_at: number | null
  }
  sessions: {
    token_hash: string
    account_id: number
    expires_at: number
    created_at: number
    /** What the browser said of itself. */
    user_agent: string
  }

  /** What advertising belongs to. */
  ad_accounts: {
    id: number
    owner_id: number
    name: string
    country: Country
    currency: Currency
    /** By its name in the IANA database; null: none was named. */
    time_zone: string | null
    created_at: number
    updated_at: number
  }
  /** Who may do what in ad accounts; that the owner is the owner is among them. */
  ad_account_roles: { account_id: number; ad_account_id: number; role: BusinessAccessRole }

  campaigns: AdEntityColumns
  /** The parent is the campaign. */
  ad_groups: AdEntityColumns
  ad_group_promotions: { promotion_id: number; ad_group_id: number }
  /** The parent is the ad group. */
  ads: AdEntityColumns & {
    campaign_id: number
    pin_id: number
    review_status: AdReviewStatus
    /** When it is to be reviewed; null: it was. */
    review_at: number | null
  }
  /** The parent is the ad account, a campaign or an ad group; the status is the match type, or ARCHIVED. */
  keywords: AdEntityColumns
  /** The status is that of the label and its type, such as `ACTIVE BRAND`. */
  ad_labels: AdEntityColumns
  /** The labels on campaigns. */
  ad_label_entities: { entity_id: number; label_id: number; label_type: LabelType }
  targeting_templates: AdEntityColumns
  promotions: AdEntityColumns
  /** The parent is what is changed. */
  ad_schedules: AdEntityColumns
  order_lines: AdEntityColumns
  /** Pages that show the first ads of ad groups, for a time. `account_id`: who made it. */
  campaign_ad_previews: {
    ad_group_id: number
    ad_account_id: number
    ad_id: number
    pin_id: number
    account_id: number
    uuid: string
    expires_at: number
  }
  /** The file of titles that was sent last for an ad group, and until when it can be processed. */
  ad_group_title_uploads: { ad_group_id: number; request_id: string; csv: string; expires_at: number }
  /** The titles of ad groups, as CSV. */
  ad_group_titles: { ad_group_id: number; csv: string; row_count: number; updated_at: number }
  /**
   * What takes long to make and ends in a file. `params_hash`: while another for the same would be the same. `size`: in bytes.
   * `expires_at`: once it is done, when the file goes, and after that when the row does.
   */
  jobs: {
    token: string
    kind: string
    ad_account_id: number
    params_hash: string | null
    params: string
    status: JobStatus
    file_key: string | null
    size: number
    created_at: number
    expires_at: number | null
  }
  /** The files of jobs: parts of each, from 0, deflated and in base64. */
  job_parts: { file_key: string; part: number; text: string }
  /** How many of a kind something has, whatever their status. */
  ad_counts: { owner_id: number; kind: string; count: number }
  /**
   * What was counted of ads, and the same added up for what they are in: the ad group, the campaign, the ad account. `day`:
   * since 1970, UTC. `side`: 0 where the Pin was shown as an ad, 1 where it had been saved from one.
   */
  ad_days: { entity_id: number; day: number; side: number } & AdCounts
  /** The same of the last days, by hours since 1970. What was loaded by day is not in it. */
  ad_hours: { entity_id: number; hour: number; side: number } & AdCounts

  apps: {
    id: number
    name: string
    secret_hash: string
    tier: AccessTier
    /** The app's restricted features, as JSON; null: those of its tier. */
    features: string | null
    /** The app's own limits, as JSON; null: those of the server. */
    limits: string | null
    owner_id: number
    redirect_uris: string
    /** Whether any loopback address is accepted as redirect URI. */
    loopback_redirects: number
    created_at: number
  }
  authorization_codes: {
    code_hash: string
    app_id: number
    account_id: number
    /** The number of a consent; every token that follows from it has this number. */
    grant_id: number
    scopes: string
    redirect_uri: string
    code_challenge: string | null
    expires_at: number
    used_at: number | null
  }
  tokens: {
    token_hash: string
    kind: 'access' | 'refresh' | 'conversion'
    app_id: number
    account_id: number
    grant_id: number
    grant_type: GrantType
    scopes: string
    expires_at: number
    created_at: number
    /** What the person who made it for themselves calls it; null: an app got it. */
    name: string | null
    /** The last characters of such a token, by which it is recognised. */
    ending: string | null
  }

  /** What partners sent, a row for each request. */
  notifications: { id: number; account_id: number; body: string; received_at: number }

  boards: {
    id: number
    owner_id: number
    name: string
    /** The normal form of the name, which must be unique for its owner; null while the board is being removed. */
    name_key: string | null
    description: string
    /** `REMOVED`: deleted for everybody, its Pins are being removed. */
    privacy: BoardPrivacy | 'REMOVED'
    is_ads_only: number
    pin_count: number
    follower_count: number
    collaborator_count: number
    /** Keys of the newest pictures, newest first, six at most. */
    covers: string
    /** The Pin that was chosen as the cover; it may be gone from the board, and come back. */
    cover_pin_id: number | null
    /** The key of its picture while it is on the board. */
    cover_key: string | null
    /** When it was put away; null: it was not. */
    archived_at: number | null
    pins_modified_at: number
    created_at: number
  }
  /** Those who may pin to a board beside its owner. */
  board_collaborators: {
    board_id: number
    account_id: number
    /** The board's `name_key`, copied here so that an account's list of boards is read off an index. */
    board_name_key: string
    created_at: number
  }
  /** Boards and sections whose Pins are being removed; an interrupted removal is resumed at the start. */
  removals: { id: number; kind: 'board' | 'section' }
  sections: {
    id: number
    board_id: number
    name: string
    name_key: string | null
    /** Where it was moved to among the others: see `core/places.ts`. Null: where its id puts it. */
    place: number | null
    created_at: number
  }

  /** Who follows what. */
  follows: {
    id: number
    follower_id: number
    kind: 'user' | 'board' | 'interest'
    /** The account, board or interest that is followed. */
    target_id: number
    /** The account that is followed, or whose board is; null with an interest. */
    account_id: number | null
    created_at: number
  }

  pictures: {
    /** Random and unguessable: everybody who knows it can see the picture. */
    key: string
    /** Identifies the picture of an account: a keyed hash, which does not find anybody else's. */
    content_hash: string
    /** SHA-256 of the bytes as they were received: the files of equal pictures are stored once. */
    source_hash: string
    format: string
    bytes: number
    dominant_color: string
    /** What it looks like, as JSON: see `looks/picture-look.ts`. Null: nobody has looked yet. */
    look: string | null
    /** Width and height of every rendition. */
    renditions: string
    /** The number of Pins that show it. */
    uses: number
    created_at: number
  }
  /** Pictures whose files may be unused: being made right now, or no longer used. */
  picture_sweeps: {
    key: string
    queued_at: number
    /** Whether the files are being removed: no Pin may use them. */
    removing: number
  }

  /** Videos, from the registration of their upload. */
  media: {
    id: number
    account_id: number
    status: MediaStatus
    /** The number of attempts to process it. */
    attempts: number
    /** Why it failed, in words for its uploader. */
    problem: string | null
    /** The key of its files, once it has succeeded: random and unguessable, as a picture's. */
    key: string | null
    /** Size of the served file. This and the following are 0 until it has succeeded. */
    bytes: number
    duration_ms: number
    width: number
    height: number
    /** The number of Pins that show it. */
    uses: number
    created_at: number
    /** When its status changed. */
    changed_at: number
    /** The key of the file that was uploaded, while it waits where several servers reach it. */
    upload_key: string | null
    /** The server that processes it, and until when unless it says more, by the database's clock. */
    leased_by: string | null
    leased_until: number
  }

  /** The answers to creations, by idempotency key. */
  idempotency_keys: {
    account_id: number
    app_id: number
    key_hash: string
    request_hash: string
    answer: string
    /** Headers of this answer beyond the usual ones, as a JSON object. */
    headers: string
    /** Whether the token of the request could see secret boards and Pins. */
    sees_secret: number
    created_at: number
  }

  /** Counts by day: numbers of days since 1970, UTC. `app_type` is the index in `appTypes`. */
  pin_days: { pin_id: number; day: number; app_type: number } & Counts
  /** The same by blocks of days, for sums over long ranges; block -1 holds what is older than what is stored by day. */
  pin_blocks: {
    pin_id: number
    block: number
    app_type: number
    /** How often it was written: while it is unchanged, so are its numbers and those of its days. */
    changes: number
  } & Counts
  /** Sums over an account's Pins: see `analytics/slices.ts`. */
  account_days: {
    account_id: number
    slice: number
    day: number
    app_type: number
  } & AccountCounts
  /** The order in which to look for an account's top Pins: see `analytics/top-pins.ts`. */
  top_pins: {
    account_id: number
    slice: number
    metric: number
    app_type: number
    block: number
    bucket: number
    pin_id: number
  }
  /** Recently counted events, so that none is counted again; the tables take turns. */
  event_keys_0: { key: number }
  event_keys_1: { key: number }
  /** The same as texts of many keys, where one server has the database to itself: see `analytics/known-in-memory.ts`. */
  event_key_batches_0: { id: Generated<number>; keys: string }
  event_key_batches_1: { id: Generated<number>; keys: string }

  /** From which Pin an account came to the profile of another last. */
  profile_visits: { viewer_id: number; owner_id: number; pin_id: number; visited_at: number }

  /** The words of Pins on PostgreSQL; on SQLite a table of FTS5's has this name: see `search/store/sqlite.ts`. */
  pin_search: { pin_id: number; document: string }
  /**
   * The progress of indexing Pins that are older than the index: those with ids from here on are in it. One row, or
   * none when all are.
   */
  search_backfill: { before: number }
  /** Every word that a Pin ever had, of the kinds in which typing errors are forgiven. */
  search_words: { word: string }
  /** The variants of these words with a letter missing: see `search/typing-errors.ts`. */
  search_variants: { variant: string; word: string }
  /** The words that accounts searched for in weeks that are not summed up: see `trends/weeks.ts`. */
  searched_words: { week: number; account_id: number; word: string }
  /** How many accounts searched for a word, in weeks that are. */
  searched_weeks: { week: number; word: string; accounts: number }

  /** The Pins with a main colour in a cell: see `looks/colour-cells.ts`. */
  pin_colours: { cell: number; pin_id: number }
  /** The Pins of an account with a mark, which those have that look alike: see `looks/likeness.ts`. */
  pin_likenesses: { owner_id: number; mark: number; pin_id: number }

  /** The Pins that are tagged in Pins as products; their ids grow with time. None of them is secret. */
  product_tags: { pin_id: number; tagged_id: number; id: number }

  pins: {
    id: number
    owner_id: number
    board_id: number
    section_id: number | null
    /** Where it was moved to on its board: see `core/places.ts`. Null: where its id puts it. */
    place: number | null
    parent_pin_id: number | null
    /** Whether it was saved from another Pin. */
    is_repin: number
    /** The board's privacy, copied here so that a list of an account's Pins is read off an index. */
    privacy: BoardPrivacy
    creative_type: CreativeType
    title: string | null
    description: string | null
    link: string | null
    /** The host that it links to, without `www.`: see `core/host-of.ts`. */
    link_host: string | null
    alt_text: string | null
    dominant_color: string | null
    /** What it says of AI in its media, a list; null: nothing. */
    ai_disclosures: string | null
    is_standard: number
    /** Whether its link leads to its owner's website. */
    is_claimed: number
    /** Whether Pins were ever tagged in it: if not, no tags are looked up. */
    has_product_tags: number
    /** The picture shown in lists and as a board's cover: a video's cover, one of a carousel's pictures. */
    picture_key: string
    video_id: number | null
    /** The pictures of a carousel, in order, each with its words: see `pins/carousel.ts`. */
    carousel: string | null
    created_at: number
    /** What its picture looks like, as JSON: see `looks/pin-look.ts`. Null: nobody has looked yet. */
    look: string | null
    /** The Pin as it is sent, except what depends on the viewer: see `pins/kept-text.ts`. */
    rendered: string
  }
  /** Pins that were deleted in the web app, and may come back. Their pictures and videos count their uses still. */
  trashed_pins: {
    id: number
    pin_id: number
    owner_id: number
    trashed_at: number
    /** The row of `pins`, as JSON. */
    pin: string
  }

  /** The servers that share the database. Times are the database's, in milliseconds since 1970. */
  nodes: { number: number; name: string; address: string; storage: string; joined_at: number; alive_until: number }
  /** What one server at a time does for all. Times are the database's. */
  leases: { work: string; holder: string; leased_until: number; done_at: number }
}
