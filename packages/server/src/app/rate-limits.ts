import { pinterestRateLimits, type RateLimits, rateLimitCategories } from '@pinfold/contract'
import { ConfigError } from '../core/errors.ts'
import { readJsonFile } from '../core/json-file.ts'

/** Returns the limits that `--rate-limits` names; undefined for `off`. Throws `ConfigError`. */
export function readRateLimits(value: string): RateLimits | undefined {
  if (value === 'off') return undefined
  if (value === 'pinterest' || value === 'local') return pinterestRateLimits
  const given = readJsonFile(value, 'rate limits')
  const limits = structuredClone(pinterestRateLimits)
  for (const [name, window] of Object.entries(given)) {
    const isCategory = (rateLimitCategories as readonly string[]).includes(name)
    if (name !== 'universal' && name !== 'trial' && !isCategory)
      throw new ConfigError(
        `${value}: unknown limit '${name}'. There are universal, trial, ${rateLimitCategories.join(', ')}.`,
      )
    const { limit, windowSeconds } = (window ?? {}) as { limit?: unknown; windowSeconds?: unknown }
    if (!isCount(limit) || !isCount(windowSeconds))
      throw new ConfigError(`${value}: '${name}' must be like {"limit": 1000, "windowSeconds": 60}.`)
    if (name === 'universal' || name === 'trial') limits[name] = { limit, windowSeconds }
    else limits.standard[name as keyof RateLimits['standard']] = { limit, windowSeconds }
  }
  return limits
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0
