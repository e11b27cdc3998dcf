import { useQueryClient } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords } from '../words/developer/index.ts'
import { writeNumber } from '../words/index.ts'
import { testWebhook, updateWebhook, type Webhook } from './calls.ts'
import { nameOfWebhook } from './name-of-webhook.ts'
import { developerQueries } from './queries.ts'
import { useAction } from './use-action.ts'
import type { AskedOfWebhook } from './webhook-dialog.tsx'
import { WebhookProblem } from './webhook-problem.tsx'

const text = developerWords.webhooks

/** A webhook of the account, and what can be done with it. */
export function WebhookCard({ webhook, ask }: { webhook: Webhook; ask: (asked: AskedOfWebhook) => void }) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [isBusy, run] = useAction()
  const { id, url, description, status } = webhook
  const name = nameOfWebhook(webhook)
  const given = { params: { webhook_id: id } }
  const deliveries = `/developer/webhooks?webhook=${id}`
  const isOn = status === 'enabled'
  const toggle = () =>
    run(async () => {
      await updateWebhook({ ...given, body: { status: isOn ? 'paused' : 'enabled' } })
      await client.invalidateQueries({ queryKey: developerQueries.webhooks().queryKey })
    })
  const test = () =>
    run(async () => {
      const delivery = await testWebhook(given)
      showToast(text.tested)
      navigate(`${deliveries}&id=${delivery.id}`)
    })
  return (
    <section className="panel app-card" aria-label={name}>
      <header>
        <div className="grow">
          <h2 className="text-16 break-words" dir="auto">
            {name}
          </h2>
          {description !== '' && <code className="text-soft break-words">{url}</code>}
        </div>
        <span className={isOn ? 'badge ok' : status === 'paused' ? 'badge warn' : 'badge bad'}>
          {text.statuses[status]}
        </span>
      </header>
      <WebhookProblem webhook={webhook} />
      <Facts webhook={webhook} renew={() => ask({ to: 'renew', webhook })} />
      <div className="flex flex-wrap gap-2">
        <Link href={deliveries} className="btn small" aria-label={text.deliveriesOf(name)}>
          <Icon name="activity" size={16} />
          {text.deliveries}
        </Link>
        {isOn && (
          <button
            type="button"
            className="btn small"
            disabled={isBusy}
            aria-label={text.testNamed(name)}
            onClick={test}
          >
            <Icon name="out" size={16} flips />
            {text.test}
          </button>
        )}
        <button
          type="button"
          className="btn small"
          disabled={isBusy}
          aria-label={isOn ? text.pauseNamed(name) : text.enableNamed(name)}
          onClick={toggle}
        >
          <Icon name={isOn ? 'pause' : 'play'} size={16} />
          {isOn ? text.pause : text.enable}
        </button>
        <button
          type="button"
          className="btn small"
          aria-label={developerWords.editNamed(name)}
          onClick={() => ask({ to: 'edit', webhook })}
        >
          <Icon name="pencil" size={16} />
          {developerWords.edit}
        </button>
        <button
          type="button"
          className="btn small quiet"
          aria-label={developerWords.deleteNamed(name)}
          title={developerWords.deleteNamed(name)}
          onClick={() => ask({ to: 'delete', webhook })}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
    </section>
  )
}

function Facts({ webhook, renew }: { webhook: Webhook; renew: () => void }) {
  const { events, thresholds, includes_secret: includesSecret, app_id: appId } = webhook
  return (
    <dl className="app-facts">
      <dt>{text.events}</dt>
      <dd>
        <code>{events.join(' ')}</code>
        {includesSecret && <span className="text-soft"> · {text.secretBoardsTold}</span>}
      </dd>
      {thresholds.length > 0 && (
        <>
          <dt>{text.thresholds}</dt>
          <dd>{thresholds.map(({ metric, count }) => `${text.metrics[metric]} ${writeNumber(count)}`).join(' · ')}</dd>
        </>
      )}
      <dt>{text.madeBy}</dt>
      <dd>{appId === null ? text.byYou : text.byApp(appId)}</dd>
      <dt>{developerWords.secret}</dt>
      <dd>
        {developerWords.secretKept}{' '}
        <button
          type="button"
          className="link"
          aria-label={developerWords.newSecretOf(nameOfWebhook(webhook))}
          onClick={renew}
        >
          {developerWords.newSecret}
        </button>
      </dd>
    </dl>
  )
}
