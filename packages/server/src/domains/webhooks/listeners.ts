import type { Tx, WebhookStore } from './store/webhooks.ts'

/** Who has webhooks, so that what nobody listens to costs nothing. */
export interface Listeners {
  /** Returns whether one of these accounts may have a webhook. Never false when one has. */
  mayListen(tx: Tx, accountIds: readonly number[]): Promise<boolean>
  /** Records that an account has a webhook, in the transaction that writes it. */
  added(accountId: number): void
  /** Resolves when every server that shares the database knows of a webhook that was committed before. */
  known(): Promise<void>
}

/** How long a server believes that nobody has a webhook, if others share the database. */
const believedMs = 1000

/**
 * Makes the knowledge of one server. It knows every account that listens; if others may share the database it knows whether any
 * does, for a second. `countOthers`: how many there are now; not given: nobody knows.
 */
export function listenersIn(
  store: Pick<WebhookStore, 'accounts' | 'any'>,
  isShared: boolean,
  countOthers: () => Promise<number> = async () => Number.POSITIVE_INFINITY,
): Listeners {
  return isShared ? sharedListeners(store, countOthers) : ownListeners(store)
}

function ownListeners(store: Pick<WebhookStore, 'accounts'>): Listeners {
  let accounts: Set<number> | undefined
  return {
    async mayListen(tx, accountIds) {
      accounts ??= new Set(await store.accounts(tx))
      const known = accounts
      return known.size > 0 && accountIds.some((id) => known.has(id))
    },
    // Stays if the transaction is taken back, and when the webhook is deleted: the next start forgets it.
    added: (accountId) => void accounts?.add(accountId),
    known: async () => {},
  }
}

function sharedListeners(store: Pick<WebhookStore, 'any'>, countOthers: () => Promise<number>): Listeners {
  let nobodyUntil = 0
  return {
    async mayListen(tx) {
      const now = performance.now()
      if (now < nobodyUntil) return false
      if (await store.any(tx)) return true
      nobodyUntil = now + believedMs
      return false
    },
    added() {
      nobodyUntil = 0
    },
    async known() {
      // Who comes later sees it.
      if ((await countOthers()) > 0) await new Promise((resolve) => setTimeout(resolve, believedMs + 100))
    },
  }
}
