import type { AccessTier, AccountType, BoardPrivacy, CreativeType, GrantType, MediaStatus } from '@pinfold/contract'
import type { AccountCounts, Counts } from './counters.ts'

/**
 * The tables. Times are milliseconds UTC, flags 0 or 1, ids positive integers below 2⁵³ that grow with time.
 * Lists in a text column are JSON.
 */
export interface Schema {
  meta: { key: string; value: string }

  accounts: {
    id: number
    username: string
    /** The username in the form that must be unique. */
    username_key: string
    /** Null: nobody can sign in with a password. */
    password_hash: string | null
    account_type: AccountType
    business_name: string | null
    about: string
    website_url: string
    /** The ad account that this account owns, if it has one. */
    ad_account_id: number | null
    board_count: number
    pin_count: number
    follower_count: number
    following_count: number
    created_at: number
  }
  sessions: { token_hash: string; account_id: number; expires_at: number; created_at: number }

  apps: {
    id: number
    name: string
    secret_hash: string
    tier: AccessTier
    /** The restricted features that it was given, as JSON; null: those of its tier. */
    features: string | null
    owner_id: number
    redirect_uris: string
    /** Whether any address on a loopback host will do as redirect URI. */
    loopback_redirects: number
    created_at: number
  }
  authorization_codes: {
    code_hash: string
    app_id: number
    account_id: number
    /** What was granted at one consent; every token that follows from it carries this number. */
    grant_id: number
    scopes: string
    redirect_uri: string
    code_challenge: string | null
    expires_at: number
    used_at: number | null
  }
  tokens: {
    token_hash: string
    kind: 'access' | 'refresh'
    app_id: number
    account_id: number
    grant_id: number
    grant_type: GrantType
    scopes: string
    expires_at: number
    created_at: number
  }

  boards: {
    id: number
    owner_id: number
    name: string
    /** The name in the form that must be unique for its owner; null while the board is being removed. */
    name_key: string | null
    description: string
    /** `REMOVED`: deleted for everybody, its Pins are on their way out. */
    privacy: BoardPrivacy | 'REMOVED'
    is_ads_only: number
    pin_count: number
    follower_count: number
    collaborator_count: number
    /** Keys of the newest pictures, newest first, six at most. */
    covers: string
    pins_modified_at: number
    created_at: number
  }
  /** Boards and sections whose Pins are being removed; a removal that was cut off goes on at start. */
  removals: { id: number; kind: 'board' | 'section' }
  sections: { id: number; board_id: number; name: string; name_key: string | null; created_at: number }

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
    /** Random and unguessable: whoever knows it can see the picture. */
    key: string
    /** Says which picture of which account it is: a keyed hash, by which nobody else's is found. */
    content_hash: string
    /** SHA-256 of the bytes as they were received: the files of equal pictures are kept once. */
    source_hash: string
    format: string
    bytes: number
    dominant_color: string
    /** Width and height of every rendition. */
    renditions: string
    /** How many Pins show it. */
    uses: number
    created_at: number
  }
  /** Pictures whose files may be there in vain: being made right now, or no longer used. */
  picture_sweeps: {
    key: string
    queued_at: number /** Whether the files are being removed: no Pin may take it. */
    removing: number
  }

  /** Videos, from the moment that somebody says that one is going to be uploaded. */
  media: {
    id: number
    account_id: number
    status: MediaStatus
    /** How often its processing was begun. */
    attempts: number
    /** Why it failed, in words for whoever uploaded it. */
    problem: string | null
    /** Where its files are, once it has succeeded: random and unguessable, as a picture's. */
    key: string | null
    /** Size of what is served. This and what follows is 0 until it has succeeded. */
    bytes: number
    duration_ms: number
    width: number
    height: number
    /** How many Pins show it. */
    uses: number
    created_at: number
    /** When its status changed. */
    changed_at: number
  }

  /** What creations answered, by the key they came with. */
  idempotency_keys: {
    account_id: number
    app_id: number
    key_hash: string
    request_hash: string
    answer: string
    /** The headers that this answer had and others do not, as a JSON object. */
    headers: string
    /** Whether the token that it was answered to could see secret boards and Pins. */
    sees_secret: number
    created_at: number
  }

  /** What was counted, by day: numbers of days since 1970, UTC. `app_type` is the place in `appTypes`. */
  pin_days: { pin_id: number; day: number; app_type: number } & Counts
  /** The same by blocks of days, for sums over long times; block -1 holds what is older than is kept by day. */
  pin_blocks: {
    pin_id: number
    block: number
    app_type: number
    /** How often it was written: as long as it is the same, so are its numbers and those of its days. */
    changes: number
  } & Counts
  /** Sums over an account's Pins: see `analytics/slices.ts`. */
  account_days: {
    account_id: number
    slice: number
    day: number
    app_type: number
  } & AccountCounts
  /** In which order to look for an account's top Pins: see `analytics/top-pins.ts`. */
  top_pins: {
    account_id: number
    slice: number
    metric: number
    app_type: number
    block: number
    bucket: number
    pin_id: number
  }
  /** What was counted lately, so that it is not counted again; the tables take turns. */
  event_keys_0: { key: number }
  event_keys_1: { key: number }

  /** The words of Pins on PostgreSQL; on SQLite a table of FTS5's has this name: see `search/store/sqlite.ts`. */
  pin_search: { pin_id: number; document: string }
  /** How far Pins from before there was an index are in it: those with ids from here on. One row, or none when all are. */
  search_backfill: { before: number }
  /** Every word that a Pin ever had, of those in which typing errors are forgiven. */
  search_words: { word: string }
  /** The same words by what they are when a letter is missing: see `search/typing-errors.ts`. */
  search_variants: { variant: string; word: string }

  pins: {
    id: number
    owner_id: number
    board_id: number
    section_id: number | null
    parent_pin_id: number | null
    /** Whether it was saved from another Pin. */
    is_repin: number
    /** The board's, kept here so that a list of an account's Pins is read off an index. */
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
    /** Whether its link leads to the website of its owner. */
    is_claimed: number
    /** The picture it shows in lists and as a board's cover: of a video its cover, of a carousel one of its pictures. */
    picture_key: string
    video_id: number | null
    /** The pictures of a carousel, in order, each with its words: see `pins/carousel.ts`. */
    carousel: string | null
    created_at: number
    /** The Pin as it is sent, but for what depends on who asks: see `pins/render.ts`. */
    rendered: string
  }
}
