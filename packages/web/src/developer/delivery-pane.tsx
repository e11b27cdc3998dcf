import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import { Failure } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords } from '../words/developer/index.ts'
import { writeNumber } from '../words/index.ts'
import { type Delivery, resendDelivery } from './calls.ts'
import { Code } from './code.tsx'
import { CopyButton } from './copy-button.tsx'
import { DeliveryBadge } from './delivery-badge.tsx'
import { developerQueries } from './queries.ts'
import { StatusBadge } from './request-list.tsx'
import { useAction } from './use-action.ts'
import { writeMoment } from './write-moment.ts'

const text = developerWords.webhooks

/** A delivery with everything: what is sent, and how it went. */
export function DeliveryPane({ webhookId, id }: { webhookId: string; id: string }) {
  const { data: delivery, error, refetch } = useQuery(developerQueries.delivery(webhookId, id))
  if (error) return <Failure error={error} retry={() => void refetch()} missing={text.deliveryMissing} />
  return delivery ? <Detail delivery={delivery} /> : <div className="min-h-96" aria-busy="true" />
}

function Detail({ delivery }: { delivery: Delivery }) {
  const client = useQueryClient()
  const [isBusy, run] = useAction()
  const { id, webhook_id: webhookId, type, body } = delivery
  const again = () =>
    run(async () => {
      await resendDelivery({ params: { webhook_id: webhookId, delivery_id: id } })
      showToast(text.willSend)
      await client.invalidateQueries({ queryKey: ['developer', 'deliveries', webhookId] })
    })
  return (
    <article className="request-detail" aria-label={type}>
      <header>
        <h2 className="request-title">
          <span className="path">{type}</span> <DeliveryBadge delivery={delivery} />
        </h2>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="btn small" disabled={isBusy} onClick={again}>
            <Icon name="again" size={16} />
            {developerWords.sendAgain}
          </button>
          <CopyButton text={body} />
        </div>
      </header>
      <div className="sides">
        <section>
          <h3 className="text-soft text-13">{text.body}</h3>
          <Code text={body} label={text.body} />
        </section>
        <section>
          <h3 className="text-soft text-13">{text.outcome}</h3>
          <Outcome delivery={delivery} />
        </section>
      </div>
    </article>
  )
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const { attempts, answer_status: answer, problem, next_attempt_at: next, finished_at: finished } = delivery
  return (
    <dl className="app-facts">
      <Fact name={text.attempts}>{writeNumber(attempts)}</Fact>
      <Fact name={text.answer}>
        {answer === null && attempts === 0 ? text.noAnswer : <StatusBadge status={answer} />}
      </Fact>
      <Fact name={text.problem}>{problem && <span lang="en">{problem}</span>}</Fact>
      <Fact name={text.happened}>{writeMoment(delivery.created_at)}</Fact>
      <Fact name={text.next}>{next && (attempts === 0 ? text.soon : writeMoment(next))}</Fact>
      <Fact name={text.finished}>{finished && writeMoment(finished)}</Fact>
      <Fact name="webhook-id">
        <code>{delivery.message_id}</code>
      </Fact>
    </dl>
  )
}

/** What is known of a delivery; nothing if it is not. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <>
      <dt>{name}</dt>
      <dd className="break-words">{children}</dd>
    </>
  )
}
