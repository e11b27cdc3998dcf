import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Form } from '../pinning/form.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { AppCard } from './app-card.tsx'
import { AppForm } from './app-form.tsx'
import { type OwnApp, removeApp, rotateSecret } from './calls.ts'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'
import { ShownOnce } from './shown-once.tsx'

/** What a dialog is asked to do with an app. */
export type AskedOfApp = { to: 'create' } | { to: 'edit' | 'renew' | 'delete'; app: OwnApp }

/** A secret that was just made. */
interface Told {
  name: string
  secret: string
}

/** The apps of an account. */
export function AppsPage() {
  const client = useQueryClient()
  const list = useInfiniteQuery(developerQueries.apps())
  const { data, error, isFetching, refetch } = list
  const [asked, setAsked] = useState<AskedOfApp>()
  const [told, setTold] = useState<Told>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  const apps = data?.pages.flatMap(({ items }) => items) ?? []
  const changed = () => client.invalidateQueries({ queryKey: developerQueries.apps().queryKey })
  const mayApprove = data?.pages[0]?.may_approve ?? false
  return (
    <>
      <PageHead title={text.apps} said={text.appsSaid}>
        <button type="button" className="btn primary" onClick={() => setAsked({ to: 'create' })}>
          <Icon name="plus" />
          {text.newApp}
        </button>
      </PageHead>
      {/* Once the dialog is closed: before, it keeps the focus. */}
      {told && !asked && (
        <ShownOnce label={text.secretOf(told.name)} secret={told.secret} done={() => setTold(undefined)} />
      )}
      {data && apps.length === 0 && <State said={text.noApps} />}
      <div className="grid gap-4" aria-busy={isFetching}>
        {apps.map((app) => (
          <AppCard key={app.id} app={app} ask={setAsked} />
        ))}
      </div>
      <MoreButton list={list} />
      <p className="mt-6">
        <Link href="/settings/apps" className="link">
          {text.yourConnections}
        </Link>
      </p>
      <Dialog isOpen={asked !== undefined} onClose={() => setAsked(undefined)} label={titleOf(asked)}>
        {asked && (
          <>
            <h2 className="text-18 mb-4">{titleOf(asked)}</h2>
            <Asked
              asked={asked}
              mayApprove={mayApprove}
              close={() => setAsked(undefined)}
              done={(secret) => {
                if (secret) setTold(secret)
                return changed()
              }}
            />
          </>
        )}
      </Dialog>
    </>
  )
}

function titleOf(asked: AskedOfApp | undefined): string {
  if (!asked || asked.to === 'create') return text.newApp
  return { edit: text.editApp, renew: text.newSecret, delete: text.deleteApp }[asked.to]
}

interface AskedProps {
  asked: AskedOfApp
  mayApprove: boolean
  close: () => void
  /** To be called after a change, with the secret if there is a new one. */
  done: (told?: Told) => Promise<void>
}

function Asked({ asked, mayApprove, close, done }: AskedProps) {
  if (asked.to === 'create' || asked.to === 'edit')
    return (
      <AppForm
        app={asked.to === 'edit' ? asked.app : undefined}
        mayApprove={mayApprove}
        close={close}
        done={({ name }, secret) => done(secret === undefined ? undefined : { name, secret })}
      />
    )
  const { id, name } = asked.app
  const given = { params: { app_id: id } }
  async function renew(): Promise<void> {
    const { secret } = await rotateSecret(given)
    await done({ name, secret })
  }
  async function remove(): Promise<void> {
    await removeApp(given)
    showToast(text.appDeleted(name))
    await done()
  }
  return asked.to === 'renew' ? (
    <Form verb={text.newSecret} send={renew} close={close}>
      <p>{text.renewsSecret(name)}</p>
    </Form>
  ) : (
    <Form verb={text.deleteApp} send={remove} close={close} isDangerous>
      <p>{text.deletesApp(name)}</p>
    </Form>
  )
}
