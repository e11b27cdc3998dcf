import { hash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { JsonText } from '../../core/json-text.ts'
import type { Caller, Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import { type IdempotencyStore, idempotencyStore, type KeyRow, type SentKey, type Tx } from './store.ts'

/** How long a key is remembered. */
export const keyTtlMs = 24 * 60 * 60 * 1000
const maxKeyLength = 255

/** A creation and its answer; `T`: the transactions of its database. */
export interface Creation<Row, Answer, T = Tx> {
  /** Makes it. Must call `written`, if given, with the new row, in the transaction that makes it. */
  make(written?: (tx: T, row: Row) => Promise<void>): Promise<Row>
  /** Returns the answer for the new row. */
  show(row: Row): Answer | JsonText
  /** Throws unless a viewer may see the content of the answer: called before it is repeated, maybe to another token. */
  see(viewer: Viewer, answer: Answer): unknown
  /** Returns what is kept of the answer, where that has something that must not be kept. */
  keep?(row: Row): Answer
  /** Completes what was kept. */
  complete?(kept: Answer): Promise<Answer>
}

/** A creation that came with an `Idempotency-Key`. */
export interface KeyedRequest {
  caller: Pick<Caller, 'accountId' | 'appId'>
  viewer: Viewer
  key: string
  /** The identity of the request, as one text. */
  content: string
}

/** Makes creations safe to retry. */
export interface Idempotency<T = Tx> {
  /**
   * Carries a creation out, or returns its earlier answer. Within 24 hours the same key returns the same answer, for
   * the same account and app. The answer is written in the transaction that creates, so that both exist or neither.
   *
   * @throws A 400 when the key is too short or too long; `idempotencyKeyReused` when it was used for another request;
   * as `creation.see` when the created thing is secret now, or was when it was made, and the viewer may not see it.
   */
  once<Row, Answer>(request: KeyedRequest, creation: Creation<Row, Answer, T>): Promise<JsonText>
  /** Deletes keys that are older than 24 hours. */
  forgetOld(): Promise<void>
}

/** Thrown in a transaction when another request with the same key was faster: its answer is used. */
class AnsweredMeanwhile extends Error {}

/** What keeps the keys: a database, or a simulated one with transactions `T`. */
export interface KeptKeys<T> extends Pick<Database, 'settled'> {
  store: IdempotencyStore<T>
  write(work: (tx: T) => Promise<void>): Promise<void>
}

/** Makes the idempotency of `db`. */
export const idempotencyOf = ({ db, clock }: { db: Database; clock: Clock }): Idempotency =>
  idempotencyOver({ store: idempotencyStore(db), settled: () => db.settled(), write: (work) => db.write(work) }, clock)

/** Makes the idempotency of what keeps the keys. */
export function idempotencyOver<T>(kept: KeptKeys<T>, clock: Clock): Idempotency<T> {
  const { store } = kept

  async function replay<Row, Answer>(
    sent: SentKey,
    requestHash: string,
    viewer: Viewer,
    { see, complete }: Creation<Row, Answer, T>,
  ): Promise<JsonText | undefined> {
    const known = await store.find(sent)
    if (!known) return undefined
    if (known.request_hash !== requestHash) throw new ApiError('idempotencyKeyReused')
    await checkSight(known, viewer, see)
    await kept.settled() // The first request may still be waiting for the disk.
    if (complete) return jsonOf(await complete(JSON.parse(known.answer)))
    return new JsonText(known.answer, JSON.parse(known.headers))
  }

  async function makeAndNote<Row, Answer>(
    { accountId, appId, keyHash }: SentKey,
    requestHash: string,
    viewer: Viewer,
    { make, show, keep }: Creation<Row, Answer, T>,
  ): Promise<JsonText> {
    const made = await make(async (tx, row) => {
      const { text, headers = {} } = jsonOf(keep ? keep(row) : show(row))
      const now = clock.now()
      const note = {
        account_id: accountId,
        app_id: appId,
        key_hash: keyHash,
        request_hash: requestHash,
        answer: text,
        headers: JSON.stringify(headers),
        sees_secret: viewer.secret === 'none' ? 0 : 1,
        created_at: now,
      }
      if (!(await store.insert(tx, note, now - keyTtlMs))) throw new AnsweredMeanwhile()
    })
    return jsonOf(show(made))
  }

  return {
    async once({ caller: { accountId, appId }, viewer, key, content }, creation) {
      if (key.length === 0 || key.length > maxKeyLength)
        throw invalid(`The header Idempotency-Key must have 1 to ${maxKeyLength} characters.`)
      const keyHash = hash('sha256', key, 'base64url')
      const requestHash = hash('sha256', content, 'base64url')
      for (;;) {
        const sent = { accountId, appId, keyHash, since: clock.now() - keyTtlMs }
        const replayed = await replay(sent, requestHash, viewer, creation)
        if (replayed) return replayed
        try {
          return await makeAndNote(sent, requestHash, viewer, creation)
        } catch (error) {
          if (error instanceof AnsweredMeanwhile) continue
          // What the same request has made at another server meanwhile may be in its way: a name that is taken now.
          const answered = await replay(sent, requestHash, viewer, creation)
          if (answered) return answered
          throw error
        }
      }
    },

    async forgetOld() {
      await kept.write((tx) => store.deleteOld(tx, clock.now() - keyTtlMs))
    },
  }
}

/**
 * Throws when an answer contains something secret that the viewer may not see. Something deleted can no longer be
 * checked: then the viewer needs at least the rights that its creator had.
 */
async function checkSight<Answer>(
  { answer: text, sees_secret: makerSawSecrets }: KeyRow,
  viewer: Viewer,
  see: Creation<unknown, Answer>['see'],
): Promise<void> {
  if (viewer.secret !== 'none') return
  const answer: Answer = JSON.parse(text)
  try {
    await see(viewer, answer)
  } catch (error) {
    if (!(error instanceof ApiError) || makerSawSecrets) throw error
    if (await isThere(async () => see({ ...viewer, secret: 'read' }, answer))) throw error
  }
}

async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look()
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Carries a creation without a key out. */
export async function createOnly<Row, Answer>({ make, show }: Creation<Row, Answer>): Promise<JsonText> {
  return jsonOf(show(await make()))
}

const jsonOf = (answer: unknown): JsonText =>
  answer instanceof JsonText ? answer : new JsonText(JSON.stringify(answer))
