/** The groups of requests that are limited together: Pinterest's, and `events`, which is Pinfold's own. */
export const rateLimitCategories = [
  'org_read',
  'org_write',
  'org_analytics',
  'ads_read',
  'ads_write',
  'ads_analytics',
  'ads_conversions',
  'ads_estimates_read',
  'advanced_auction_read',
  'advanced_auction_write',
  'catalogs_read',
  'catalogs_write',
  'msot_write',
  'trends_read',
  'events',
] as const
export type RateLimitCategory = (typeof rateLimitCategories)[number]

export interface RateLimitWindow {
  /** The number of requests allowed in a window. */
  limit: number
  windowSeconds: number
}

export interface RateLimits {
  /** For each account and app, whatever the operation. */
  universal: RateLimitWindow
  /** For each account, app and category, while the app is on the standard tier. */
  standard: Record<RateLimitCategory, RateLimitWindow>
  /** For each app and category, while the app is on the trial tier. */
  trial: RateLimitWindow
}

const perMinute = (limit: number): RateLimitWindow => ({ limit, windowSeconds: 60 })

/**
 * The limits that Pinterest publishes and sends in its headers. It publishes none for `ads_estimates_read` and
 * `msot_write`: they have the limits of the reads and writes that they resemble most.
 */
export const pinterestRateLimits: RateLimits = {
  universal: { limit: 100, windowSeconds: 1 },
  standard: {
    org_read: perMinute(1000),
    org_write: perMinute(100),
    org_analytics: perMinute(60),
    ads_read: perMinute(1000),
    ads_write: perMinute(400),
    ads_analytics: perMinute(300),
    ads_conversions: perMinute(120_000),
    ads_estimates_read: perMinute(300),
    advanced_auction_read: perMinute(50),
    advanced_auction_write: perMinute(25),
    catalogs_read: perMinute(100),
    catalogs_write: perMinute(100),
    msot_write: perMinute(400),
    trends_read: perMinute(60),
    events: perMinute(600),
  },
  trial: { limit: 1000, windowSeconds: 86_400 },
}

/** What an app can have limits of its own for: everything that an account does through it, and each category. */
export const appLimitNames = ['universal', ...rateLimitCategories] as const
/** Limits of one app, in place of those of the server. */
export type AppLimits = Partial<Record<(typeof appLimitNames)[number], RateLimitWindow>>

/** The tiers of an app, which decide its rate limits: `standard`, or `trial` before Pinterest has approved the app. */
export const accessTiers = ['standard', 'trial'] as const
export type AccessTier = (typeof accessTiers)[number]
