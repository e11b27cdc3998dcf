import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ConnectedApp, removeApp } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { words, writeDay } from '../words/index.ts'

const text = words.account

/** The apps that may act for an account, each with the way to end that. */
export function AppSettings() {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(queries.connectedApps())
  async function remove({ id, name }: ConnectedApp): Promise<void> {
    const isDone = await removeApp({ params: { app_id: id } }).then(
      () => true,
      () => false,
    )
    showToast(isDone ? text.appRemoved(name) : text.appNotRemoved(name))
    await client.invalidateQueries({ queryKey: queries.connectedApps().queryKey })
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <div className="min-h-48" aria-busy="true" />
  if (data.items.length === 0) return <State said={text.noApps} />
  return (
    <ul className="panel settings-list">
      {data.items.map((app) => (
        <li key={app.id}>
          <div className="min-w-0 flex-1">
            <b dir="auto">{app.name}</b>
            <span className="text-soft text-13 block">
              {rightsOf(app)} · {text.connectedOn(writeDay(app.connected_at))}
            </span>
          </div>
          <button
            type="button"
            className="btn quiet"
            aria-label={text.removeAppNamed(app.name)}
            onClick={() => void remove(app)}
          >
            {text.removeApp}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Says what an app may do, in a few words. */
function rightsOf({ scopes }: ConnectedApp): string {
  const writes = scopes.some((scope) => scope.includes(':write'))
  const secrets = scopes.some((scope) => scope.endsWith('_secret'))
  return [writes ? text.mayChange : text.maySee, ...(secrets ? [text.seesSecrets] : [])].join(', ')
}
