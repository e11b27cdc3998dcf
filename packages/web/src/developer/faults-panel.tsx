import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { type Fault, type NewFault, setFaults } from './calls.ts'
import { FaultForm } from './fault-form.tsx'
import { developerQueries } from './queries.ts'
import { remainingOf } from './remaining-fault.ts'
import { useAction } from './use-action.ts'

/** What goes wrong on purpose. */
export function FaultsPanel() {
  const client = useQueryClient()
  const { data } = useQuery(developerQueries.faults())
  const [isMaking, setMaking] = useState(false)
  const [isBusy, run] = useAction()
  const faults = data?.items ?? []

  /** Has these be all the faults, and says what was done, which can be undone. */
  const replace = (items: readonly NewFault[], done: string) =>
    run(async () => {
      const before = faults.flatMap((fault) => remainingOf(fault) ?? [])
      await put(items)
      showToast(done, () => void put(before).catch(() => {}))
    })
  const put = async (items: readonly NewFault[]) =>
    client.setQueryData(developerQueries.faults().queryKey, await setFaults({ body: { items: [...items] } }))

  return (
    <section className="panel control-panel" aria-label={text.faults}>
      <header>
        <div className="grow">
          <h2 className="text-18">{text.faults}</h2>
          <p className="text-soft">{faults.length === 0 ? text.noFaults : text.faultsSaid}</p>
        </div>
        {faults.length > 0 && (
          <button
            type="button"
            className="btn small quiet"
            disabled={isBusy}
            onClick={() => replace([], text.faultsCleared)}
          >
            {text.clearFaults}
          </button>
        )}
        <button type="button" className="btn small" onClick={() => setMaking(true)}>
          <Icon name="plus" size={16} />
          {text.newFault}
        </button>
      </header>
      {faults.length > 0 && (
        <ol className="rows">
          {faults.map((fault) => (
            <li key={fault.id}>
              <div className="min-w-0 flex-1">
                <b>{fault.operation ? <code>{fault.operation}</code> : text.everyOperation}</b>{' '}
                <span>
                  · {text.effects[fault.effect]}
                  {fault.error && (
                    <>
                      {' '}
                      (<code>{fault.error}</code>)
                    </>
                  )}
                </span>
                <span className="text-soft text-13 block">{factsOf(fault)}</span>
              </div>
              <button
                type="button"
                className="btn small quiet"
                disabled={isBusy}
                aria-label={text.removeNamed(`${fault.operation ?? text.everyOperation}, ${fault.id}`)}
                onClick={() =>
                  replace(
                    faults.filter(({ id }) => id !== fault.id).flatMap((other) => remainingOf(other) ?? []),
                    text.faultRemoved,
                  )
                }
              >
                {text.remove}
              </button>
            </li>
          ))}
        </ol>
      )}
      <Dialog isOpen={isMaking} onClose={() => setMaking(false)} label={text.newFault}>
        <h2 className="text-18 mb-4">{text.newFault}</h2>
        <FaultForm close={() => setMaking(false)} />
      </Dialog>
    </section>
  )
}

function factsOf({ happened, times, app, account, latency_ms: latency, retry_after: wait }: Fault): string {
  const facts = [
    text.happened(happened),
    ...(times !== undefined ? [text.leftOf(times)] : []),
    ...(account !== undefined ? [`${text.ofAccount}: ${account}`] : []),
    ...(app !== undefined ? [`${text.ofApp}: ${app}`] : []),
    ...(latency !== undefined ? [`${latency} ms`] : []),
    ...(wait !== undefined ? [`Retry-After: ${wait}`] : []),
  ]
  return facts.join(' · ')
}
