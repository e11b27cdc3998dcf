import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearch } from 'wouter'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failure, State } from '../ui/state.tsx'
import { developerWords } from '../words/developer/index.ts'
import type { Webhook } from './calls.ts'
import { DeliveriesView } from './deliveries-view.tsx'
import { nameOfWebhook } from './name-of-webhook.ts'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'
import { ShownOnce } from './shown-once.tsx'
import { WebhookCard } from './webhook-card.tsx'
import { type AskedOfWebhook, titleOfAsked, WebhookDialog } from './webhook-dialog.tsx'

const text = developerWords.webhooks

/** The webhooks of an account; or the deliveries of the one that the address names. */
export function WebhooksPage() {
  const client = useQueryClient()
  const named = new URLSearchParams(useSearch()).get('webhook')
  const { data, error, isLoading, refetch } = useQuery(developerQueries.webhooks())
  const [asked, setAsked] = useState<AskedOfWebhook>()
  const [told, setTold] = useState<{ name: string; secret: string }>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  const webhooks = data?.items ?? []
  if (named !== null) {
    const webhook = webhooks.find(({ id }) => id === named)
    if (webhook) return <DeliveriesView key={named} webhook={webhook} />
    return isLoading ? <div className="min-h-96" aria-busy="true" /> : <State said={text.missing} mood="missing" />
  }
  const done = (changed?: Webhook, secret?: string) => {
    if (changed && secret !== undefined) setTold({ name: nameOfWebhook(changed), secret })
    return client.invalidateQueries({ queryKey: developerQueries.webhooks().queryKey })
  }
  return (
    <>
      <PageHead title={text.title} said={text.said}>
        <button type="button" className="btn primary" onClick={() => setAsked({ to: 'create' })}>
          <Icon name="plus" />
          {text.make}
        </button>
      </PageHead>
      {/* Once the dialog is closed: before, it keeps the focus. */}
      {told && !asked && (
        <ShownOnce label={developerWords.secretOf(told.name)} secret={told.secret} done={() => setTold(undefined)} />
      )}
      {data && webhooks.length === 0 && <State said={text.none} />}
      <div className="grid gap-4" aria-busy={isLoading}>
        {webhooks.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} ask={setAsked} />
        ))}
      </div>
      <Dialog isOpen={asked !== undefined} onClose={() => setAsked(undefined)} label={titleOfAsked(asked)}>
        {asked && <WebhookDialog asked={asked} close={() => setAsked(undefined)} done={done} />}
      </Dialog>
    </>
  )
}
