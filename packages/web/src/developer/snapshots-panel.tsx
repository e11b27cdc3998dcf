import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiFailure } from '../api/call.ts'
import { Form } from '../pinning/form.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { language } from '../words/index.ts'
import { deleteSnapshot, resetData, restoreSnapshot, saveSnapshot } from './calls.ts'
import { developerQueries } from './queries.ts'
import { useAction } from './use-action.ts'

/** The data are to be discarded for these: of a snapshot, or of the seed. */
type Asked = { restore: string } | 'reset'

/** The data of the server: kept under names, and restored. */
export function SnapshotsPanel() {
  const client = useQueryClient()
  const { data, error } = useQuery(developerQueries.snapshots())
  const [name, setName] = useState('')
  const [asked, setAsked] = useState<Asked>()
  const [isBusy, run] = useAction()
  const read = () => client.invalidateQueries({ queryKey: developerQueries.snapshots().queryKey })

  const save = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      await saveSnapshot({ body: { name } })
      showToast(text.snapshotSaved(name))
      setName('')
      await read()
    })
  }
  const remove = (snapshot: string) =>
    run(async () => {
      await deleteSnapshot({ params: { name: snapshot } })
      showToast(text.snapshotDeleted(snapshot))
      await read()
    })

  return (
    <section className="panel control-panel" aria-label={text.snapshots}>
      <header>
        <div className="grow">
          <h2 className="text-18">{text.snapshots}</h2>
          <p className="text-soft">{text.snapshotsSaid}</p>
        </div>
        <button type="button" className="btn small" disabled={error !== null} onClick={() => setAsked('reset')}>
          {text.reset}
        </button>
      </header>
      {error ? (
        // In the server's own words: it may have no snapshots with this database.
        <p className="text-soft" role="status">
          {error instanceof ApiFailure ? error.message : String(error)}
        </p>
      ) : (
        <form className="save-snapshot" onSubmit={save}>
          <label className="field">
            <span>{text.snapshotName}</span>
            <input
              className="in"
              value={name}
              required
              maxLength={64}
              pattern="[A-Za-z0-9][A-Za-z0-9.\-]*"
              spellCheck={false}
              autoCapitalize="none"
              placeholder="before-checkout"
              onChange={({ target }) => setName(target.value)}
            />
          </label>
          <button type="submit" className="btn" disabled={isBusy}>
            {text.saveSnapshot}
          </button>
        </form>
      )}
      {data?.items.length === 0 && <p className="text-soft">{text.noSnapshots}</p>}
      {data && data.items.length > 0 && (
        <ul className="rows">
          {data.items.map((snapshot) => (
            <li key={snapshot.name}>
              <div className="min-w-0 flex-1">
                <b>{snapshot.name}</b>
                <span className="text-soft text-13 block">
                  {writeTime(snapshot.created_at)} · {writeSize(snapshot.bytes)}
                </span>
              </div>
              <button
                type="button"
                className="btn small quiet"
                disabled={isBusy}
                aria-label={text.removeNamed(snapshot.name)}
                onClick={() => remove(snapshot.name)}
              >
                {text.remove}
              </button>
              <button
                type="button"
                className="btn small"
                aria-label={text.restoreNamed(snapshot.name)}
                onClick={() => setAsked({ restore: snapshot.name })}
              >
                {text.restore}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Dialog isOpen={asked !== undefined} onClose={() => setAsked(undefined)} label={titleOf(asked)}>
        {asked && (
          <>
            <h2 className="text-18 mb-4">{titleOf(asked)}</h2>
            <Discard asked={asked} close={() => setAsked(undefined)} />
          </>
        )}
      </Dialog>
    </section>
  )
}

const titleOf = (asked: Asked | undefined): string =>
  asked === undefined || asked === 'reset' ? text.reset : text.restoreNamed(asked.restore)

/** Asks before all data are replaced. */
function Discard({ asked, close }: { asked: Asked; close: () => void }) {
  const client = useQueryClient()
  async function send(): Promise<void> {
    if (asked === 'reset') await resetData({ body: { confirm: true } })
    else await restoreSnapshot({ params: { name: asked.restore }, body: { confirm: true } })
    showToast(asked === 'reset' ? text.resetDone : text.snapshotRestored(asked.restore))
    // Nothing that was read before is true any more, not even who is signed in.
    void client.invalidateQueries()
  }
  return (
    <Form verb={asked === 'reset' ? text.reset : text.restore} send={send} close={close} isDangerous>
      <p>{asked === 'reset' ? text.resetsData : text.restoresData(asked.restore)}</p>
    </Form>
  )
}

const writeTime = (time: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time))

const writeSize = (bytes: number): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(
    bytes / 1_000_000,
  )
