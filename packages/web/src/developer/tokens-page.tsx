import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { writeDay } from '../words/index.ts'
import { type OwnToken, removeToken } from './calls.ts'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'
import { allScopes } from './scopes.ts'
import { ShownOnce } from './shown-once.tsx'
import { TokenForm } from './token-form.tsx'

/** The tokens that somebody made for themselves. */
export function TokensPage() {
  const client = useQueryClient()
  const apps = useInfiniteQuery(developerQueries.apps())
  const list = useInfiniteQuery(developerQueries.tokens())
  const { data, error, isFetching, refetch } = list
  const [isMaking, setMaking] = useState(false)
  const [told, setTold] = useState<{ name: string; text: string }>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  const tokens = data?.pages.flatMap(({ items }) => items) ?? []
  const ownApps = apps.data?.pages.flatMap(({ items }) => items)
  const changed = () => client.invalidateQueries({ queryKey: developerQueries.tokens().queryKey })

  async function remove({ id, name }: OwnToken): Promise<void> {
    const isDone = await removeToken({ params: { token_id: id } }).then(
      () => true,
      () => false,
    )
    showToast(isDone ? text.tokenRemoved(name) : text.tokenNotRemoved(name))
    await changed()
  }

  return (
    <>
      <PageHead title={text.tokens} said={text.tokensSaid}>
        {ownApps && ownApps.length > 0 && (
          <button type="button" className="btn primary" onClick={() => setMaking(true)}>
            <Icon name="plus" />
            {text.newToken}
          </button>
        )}
      </PageHead>
      {told && <ShownOnce label={text.tokenIs(told.name)} secret={told.text} done={() => setTold(undefined)} />}
      {ownApps?.length === 0 ? (
        <State said={text.needsApp}>
          <Link href="/developer/apps" className="btn primary">
            {text.apps}
          </Link>
        </State>
      ) : (
        data && tokens.length === 0 && <State said={text.noTokens} />
      )}
      {tokens.length > 0 && (
        <ul className="panel rows" aria-busy={isFetching}>
          {tokens.map((token) => (
            <li key={token.id}>
              <div className="min-w-0 flex-1">
                <b dir="auto">{token.name}</b>
                <span className="text-soft text-13 block">
                  <code>pina_…{token.ending}</code> · <span dir="auto">{token.app.name}</span> ·{' '}
                  {text.ends(writeDay(token.expires_at))}
                </span>
                <span className="text-13 block">
                  {token.scopes.length === allScopes.length ? text.everything : <code>{token.scopes.join(' ')}</code>}
                </span>
              </div>
              <button
                type="button"
                className="btn quiet"
                aria-label={text.removeNamed(token.name)}
                onClick={() => void remove(token)}
              >
                {text.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      <MoreButton list={list} />
      <Dialog isOpen={isMaking} onClose={() => setMaking(false)} label={text.newToken}>
        <h2 className="text-18 mb-4">{text.newToken}</h2>
        <TokenForm
          apps={ownApps ?? []}
          close={() => setMaking(false)}
          done={(token, made) => {
            setTold({ name: token.name, text: made })
            return changed()
          }}
        />
      </Dialog>
    </>
  )
}
