import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../core/errors.ts'
import { networkOf } from '../../core/network.ts'

/** Bytes of bodies that may be in memory at a time, of those who said who they are… */
const known = { open: 96_000_000, reserved: 160_000_000 }
/** …and of all others, who take nothing from them. */
const anonymous = { open: 6_000_000, reserved: 10_000_000 }

/** Somebody whom memory counts against, and how much of what is reserved they may have. */
export interface Owner {
  name: string
  share: number
}

/** Memory that a request holds; it counts against all of its owners. */
export interface Claim {
  /** Holds this much more. Throws a 429 when that is more than there is for its owners. */
  add(bytes: number): void
  /** Holds this much at least. Throws as `add` does. */
  atLeast(bytes: number): void
  /** Gives all of it back. */
  release(): void
}

/**
 * Memory that is shared fairly. A part is open: it goes to whoever comes first. The rest is reserved: of that nobody gets
 * more than their share, so that one who floods the server leaves something to all others.
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

  /** Begins a claim of nothing. */
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

/** The memory for the bodies of all requests. What came counts, not what was announced. */
export class BodyBudget {
  readonly #known = new FairBudget(known)
  readonly #anonymous = new FairBudget(anonymous)

  /** Begins the claim of a request. */
  claim(request: FastifyRequest): Claim {
    const { identity, ip } = request
    const network = `network ${networkOf(ip)}`
    if (!identity || 'address' in identity) return this.#anonymous.claim([{ name: network, share: 1 / 4 }])
    const { appId } = 'caller' in identity ? identity.caller : identity.app
    // Many accounts can be behind one app, or one network.
    return this.#known.claim([
      { name: ownerOf(request), share: 1 / 4 },
      { name: `app ${appId}`, share: 1 / 2 },
      { name: network, share: 1 / 2 },
    ])
  }
}

/** Who is behind a request, as exactly as it is known: an account, an app, or else a network. */
export function ownerOf({ identity, ip }: FastifyRequest): string {
  if (identity && 'caller' in identity) return `account ${identity.caller.accountId}`
  return identity && 'app' in identity ? `client ${identity.app.appId}` : `network ${networkOf(ip)}`
}

const tooMany = () =>
  new ApiError('rateLimited', {
    detail: 'Too many large requests are being received. Try again in 2 s.',
    headers: { 'retry-after': '2' },
  })
