import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiFailure } from '../api/call.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segment } from '../ui/segment.tsx'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { type RequestDetail, replayRequest } from './calls.ts'
import { Code } from './code.tsx'
import { type CodeLanguage, codeLanguages, codeOf } from './code-of.ts'
import { CopyButton } from './copy-button.tsx'
import { type FaultBegun, FaultForm } from './fault-form.tsx'
import { developerQueries } from './queries.ts'
import { StatusBadge, writeDuration, writeTime } from './request-list.tsx'
import { useAction } from './use-action.ts'
import { WhyBanner } from './why-banner.tsx'

export interface RequestDetailPaneProps {
  id: string
  /** Shows another request. */
  show: (id: string) => void
}

/** A request with everything: what was sent and answered, why, and as code. */
export function RequestDetailPane({ id, show }: RequestDetailPaneProps) {
  const { data: call, error, refetch } = useQuery(developerQueries.request(id))
  if (error instanceof ApiFailure && error.status === 404) return <State said={text.requestGone} mood="missing" />
  if (error) return <Failure error={error} retry={() => void refetch()} />
  return call ? <Detail call={call} show={show} /> : <div className="min-h-96" aria-busy="true" />
}

type Tab = 'overview' | 'headers' | 'code'

function Detail({ call, show }: { call: RequestDetail; show: (id: string) => void }) {
  const [tab, setTab] = useState<Tab>('overview')
  const [isMakingFault, setMakingFault] = useState(false)
  const [isBusy, run] = useAction()
  const again = () =>
    run(async () => {
      const sent = await replayRequest({ params: { request_id: call.id } })
      showToast(text.sentAgain)
      show(sent.id)
    })
  return (
    <article className="request-detail" aria-label={`${call.method} ${call.path}`}>
      <header>
        <h2 className="request-title">
          <span className={`method ${call.method}`}>{call.method}</span> <span className="path">{call.path}</span>{' '}
          <StatusBadge status={call.status} />
        </h2>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="btn small" disabled={isBusy} onClick={again}>
            <Icon name="again" size={16} />
            {text.sendAgain}
          </button>
          <CopyButton text={call.curl} label="curl" />
          <button type="button" className="btn small" onClick={() => setMakingFault(true)}>
            <Icon name="alert" size={16} />
            {text.makeFault}
          </button>
        </div>
      </header>
      <WhyBanner why={call.why} />
      <div>
        <Segment
          label={text.detailTabs}
          value={tab}
          onChange={setTab}
          options={[
            { value: 'overview', name: text.overview },
            { value: 'headers', name: text.headers },
            { value: 'code', name: text.asCode },
          ]}
        />
      </div>
      {tab === 'overview' && <Overview call={call} />}
      {tab === 'headers' && <Headers call={call} />}
      {tab === 'code' && <AsCode call={call} />}
      <Dialog isOpen={isMakingFault} onClose={() => setMakingFault(false)} label={text.newFault}>
        <h2 className="text-18 mb-4">{text.newFault}</h2>
        <FaultForm begun={faultOf(call)} close={() => setMakingFault(false)} />
      </Dialog>
    </article>
  )
}

/** What a fault begins with that does to others what was done to a request. */
function faultOf({ operation, account, why }: RequestDetail): FaultBegun {
  const error = why?.error as FaultBegun['error'] | null | undefined
  return {
    ...(operation !== null && { operation }),
    ...(account !== null && { account }),
    ...(why?.fault && { effect: why.fault.effect }),
    ...(error && { error }),
  }
}

function Overview({ call }: { call: RequestDetail }) {
  const facts = [
    [text.operation, call.operation],
    [text.ofApp, call.app],
    [text.account, call.account],
    [text.requestId, call.request_id],
    [text.time, `${writeTime(call.time)} · ${writeDuration(call.duration_ms)}`],
  ]
  return (
    <>
      <dl className="app-facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ),
        )}
      </dl>
      {call.replay_of && <p className="text-soft text-13">{text.repeats(call.replay_of)}</p>}
      <div className="sides">
        <Message name={text.request} message={call.request} />
        <Message name={text.answer} message={call.answer} />
      </div>
    </>
  )
}

function Message({ name, message: { body, body_note: note } }: { name: string; message: RequestDetail['request'] }) {
  return (
    <section>
      <h3 className="text-soft">{name}</h3>
      {body === null ? <p className="text-soft">{note ?? text.noBody}</p> : <Code text={body} label={name} />}
      {body !== null && note && <p className="text-soft text-13">{note}</p>}
    </section>
  )
}

function Headers({ call }: { call: RequestDetail }) {
  const sides = [
    { name: text.request, headers: call.request.headers },
    { name: text.answer, headers: call.answer.headers },
  ]
  return (
    <div className="sides">
      {sides.map(({ name, headers }) => (
        <section key={name} aria-label={name}>
          <h3 className="text-soft">{name}</h3>
          <dl className="headers">
            {headers.map((header) => (
              <div key={`${header.name} ${header.value}`}>
                <dt>
                  <code>{header.name}</code>
                </dt>
                <dd>
                  <code>{header.value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

function AsCode({ call }: { call: RequestDetail }) {
  const [chosen, setChosen] = useState<CodeLanguage>('curl')
  const code = codeOf(call, chosen, location.origin)
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Segment
          label={text.language}
          value={chosen}
          onChange={setChosen}
          options={codeLanguages.map((value) => ({ value, name: value }))}
        />
        <CopyButton text={code} />
      </div>
      <Code text={code} label={chosen} />
    </div>
  )
}
