import { hash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { JsonText } from '../../core/json-text.ts'
import type { Caller } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { idempotencyStore } from './store.ts'

type Tx = Transaction<Schema>

/** A key is remembered so long. */
export const keyTtlMs = 24 * 60 * 60 * 1000
const maxKeyLength = 255

/**
 * Notes what a creation answers, and with which headers of its own, in the transaction that creates: so the two are
 * there together or not at all.
 */
export type RecordAnswer = (tx: Tx, answer: string, headers?: JsonText['headers']) => Promise<void>

/** A creation that came with a key: its answer if it was carried out before, or else the way to note it. */
export type Keyed = { replay: JsonText } | { record: RecordAnswer }

/** Thrown in a transaction when another request with the same key was quicker: what it answered is the answer. */
export class AnsweredMeanwhile extends Error {}

export type Idempotency = ReturnType<typeof idempotencyOf>

/**
 * Creations that can be sent again without being made twice. Within 24 hours the same key gives the same answer, for
 * the same account and app; with another request it is an error.
 */
export function idempotencyOf({ db, clock }: { db: Database; clock: Clock }) {
  const store = idempotencyStore(db)

  /** Looks a key up. `request` is all that makes the request what it is. Throws a 400, or a 409 for another request. */
  async function begin(caller: Caller, key: string, request: string): Promise<Keyed> {
    if (key.length === 0 || key.length > maxKeyLength)
      throw invalid(`The header Idempotency-Key must have 1 to ${maxKeyLength} characters.`)
    const { accountId, appId } = caller
    const keyHash = hash('sha256', key, 'base64url')
    const requestHash = hash('sha256', request, 'base64url')
    const known = await store.find({ accountId, appId, keyHash, since: clock.now() - keyTtlMs })
    if (known && known.request_hash !== requestHash) throw new ApiError('idempotencyKeyReused')
    if (known) await db.settled() // The first request may still be waiting for the disk.
    if (known) return { replay: new JsonText(known.answer, JSON.parse(known.headers)) }
    const record: RecordAnswer = async (tx, answer, headers = {}) => {
      const row = {
        account_id: accountId,
        app_id: appId,
        key_hash: keyHash,
        request_hash: requestHash,
        answer,
        headers: JSON.stringify(headers),
        created_at: clock.now(),
      }
      if (!(await store.insert(tx, row, clock.now() - keyTtlMs))) throw new AnsweredMeanwhile()
    }
    return { record }
  }

  async function forgetOld(): Promise<void> {
    await db.write((tx) => store.deleteOld(tx, clock.now() - keyTtlMs))
  }

  return { begin, forgetOld }
}
