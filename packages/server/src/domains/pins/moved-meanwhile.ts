import { ApiError } from '../../core/errors.ts'
import type { PinRow, PinStore, Tx } from './store.ts'

/** Thrown in a transaction when a Pin is on another board, or seen by others, than when it was read. */
class MovedMeanwhile extends Error {}

/** How often what was to be done with a Pin is begun anew because somebody moves it. */
const mostTries = 5

/** Locks a Pin that is on the board where it was read. To be called within `whereverItIs`. Throws `pinNotFound`. */
export async function lockWhereItWas(
  store: Pick<PinStore, 'lock'>,
  tx: Tx,
  pin: Pick<PinRow, 'id' | 'board_id'>,
): Promise<PinRow> {
  const current = await store.lock(tx, pin.id)
  if (!current) throw new ApiError('pinNotFound')
  if (current.board_id !== pin.board_id) throw new MovedMeanwhile()
  return current
}

/** Checks that a Pin which is held until the transaction ends is seen by whom it was when it was read. To be called within `whereverItIs`. */
export function checkPrivacyAsRead(held: Pick<PinRow, 'privacy'>, read: Pick<PinRow, 'privacy'>): void {
  if (held.privacy !== read.privacy) throw new MovedMeanwhile()
}

/** Does `work`, which reads a Pin and then changes or saves it in a transaction, and again when it was moved in between. */
export async function whereverItIs<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MovedMeanwhile)) throw error
      if (tries === mostTries)
        throw new ApiError('unavailable', { detail: 'Others are moving the Pin. Send the request again.' })
    }
  }
}
