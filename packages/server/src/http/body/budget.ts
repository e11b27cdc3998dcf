import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../core/errors.ts'
import { networkOf } from '../../core/network.ts'

/** Bytes of bodies in memory at a time, of authenticated senders… */
const known = { open: 96_000_000, reserved: 160_000_000 }
/** …and of all others, who take nothing from them. */
const anonymous = { open: 6_000_000, reserved: 10_000_000 }

/** A sender that memory counts against, and its share of the reserved part. */
export interface Owner {
  name: string
  share: number
}

/** The memory of a request, which counts against all of its owners. */
export interface Claim {
  /** Claims this much more. Throws a 429 when its owners have no more. */
  add(bytes: number): void
  /** Claims at least this much. Throws as `add` does. */
  atLeast(bytes: number): void
  /** Releases all of it. */
  release(): void
}

/**
 * Shares memory fairly. One part is open: first come, first served. The rest is reserved: nobody gets more than their
 * share of it, so that one who floods the server leaves some to all others.
 */
export class FairBudget {
  #open: number
  #reserve: number
  readonly #reserved: number
  readonly #held = new Map<string, number>()

  constructor({ open, reserved }: { open: number; reserved: number }) {
    this.#open = open
    this.#reserve = reserved
    this.#reserved = reserved
  }

  /** Begins an empty claim. */
  claim(owners: readonly Owner[]): Claim {
    let [open, reserved] = [0, 0]
    const add = (bytes: number) => {
      if (this.#open >= bytes) {
        this.#open -= bytes
        open += bytes
      } else {
        this.#takeReserved(owners, bytes)
        reserved += bytes
      }
    }
    return {
      add,
      atLeast: (bytes) => {
        if (bytes > open + reserved) add(bytes - open - reserved)
      },
      release: () => {
        this.#open += open
        if (reserved > 0) this.#giveBack(owners, reserved)
        open = 0
        reserved = 0
      },
    }
  }

  #takeReserved(owners: readonly Owner[], bytes: number): void {
    const isTooMuch = ({ name, share }: Owner) => (this.#held.get(name) ?? 0) + bytes > this.#reserved * share
    if (bytes > this.#reserve || owners.some(isTooMuch)) throw tooMany()
    this.#reserve -= bytes
    for (const { name } of owners) this.#held.set(name, (this.#held.get(name) ?? 0) + bytes)
  }

  #giveBack(owners: readonly Owner[], bytes: number): void {
    this.#reserve += bytes
    for (const { name } of owners) {
      const left = (this.#held.get(name) ?? 0) - bytes
      if (left > 0) this.#held.set(name, left)
      else this.#held.delete(name)
    }
  }
}

/** The memory for the bodies of all requests. Received bytes count, not announced ones. */
export class BodyBudget {
  readonly #known = new FairBudget(known)
  readonly #anonymous = new FairBudget(anonymous)

  /** Begins the claim of a request. */
  claim(request: FastifyRequest): Claim {
    const { identity, ip } = request
    const network = `network ${networkOf(ip)}`
    if (!identity || 'address' in identity) return this.#anonymous.claim([{ name: network, share: 1 / 4 }])
    const { appId } = 'caller' in identity ? identity.caller : identity.app
    // Many accounts can share an app, or a network.
    return this.#known.claim([
      { name: ownerOf(request), share: 1 / 4 },
      { name: `app ${appId}`, share: 1 / 2 },
      { name: network, share: 1 / 2 },
    ])
  }
}

/** Returns the sender of a request, as exactly as known: an account, an app, or else a network. */
export function ownerOf({ identity, ip }: FastifyRequest): string {
  if (identity && 'caller' in identity) return `account ${identity.caller.accountId}`
  return identity && 'app' in identity ? `client ${identity.app.appId}` : `network ${networkOf(ip)}`
}

const tooMany = () =>
  new ApiError('rateLimited', {
    detail: 'Too many large requests are being received. Try again in 2 s.',
    headers: { 'retry-after': '2' },
  })
