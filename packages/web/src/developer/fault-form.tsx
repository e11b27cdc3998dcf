import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Form } from '../pinning/form.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { addFault, type NewFault } from './calls.ts'
import { developerQueries } from './queries.ts'

type Effect = NewFault['effect']
type ErrorName = NonNullable<NewFault['error']>

const effects = Object.keys(text.effects) as Effect[]
/** The errors that programs meet most. */
const errors: readonly ErrorName[] = [
  'unavailable',
  'rateLimited',
  'internal',
  'authenticationFailed',
  'insufficientScope',
  'forbidden',
  'trialAccess',
  'restrictedFeature',
  'invalidRequest',
  'pinNotFound',
  'boardNotFound',
  'boardNameTaken',
  'imageUnreachable',
  'imageInvalid',
  'requestTimeout',
]

/** What is filled in at first. */
export type FaultBegun = Partial<
  Pick<NewFault, 'operation' | 'app' | 'account' | 'effect' | 'error' | 'times' | 'retry_after'>
>

/** Makes a fault. */
export function FaultForm({ begun = {}, close }: { begun?: FaultBegun; close: () => void }) {
  const id = useId()
  const client = useQueryClient()
  const [operation, setOperation] = useState(begun.operation ?? '')
  const [account, setAccount] = useState(begun.account ?? '')
  const [app, setApp] = useState(begun.app ?? '')
  const [effect, setEffect] = useState<Effect>(begun.effect ?? 'error')
  const [error, setError] = useState<ErrorName>(begun.error ?? 'unavailable')
  const [wait, setWait] = useState(String(begun.retry_after ?? ''))
  const [latency, setLatency] = useState('1000')
  const [times, setTimes] = useState(String(begun.times ?? 1))
  const [after, setAfter] = useState('')

  async function send(): Promise<void> {
    await addFault({
      body: {
        effect,
        ...textOf('operation', operation),
        ...textOf('account', account),
        ...textOf('app', app),
        ...(effect === 'error' && { error, ...numberOf('retry_after', wait) }),
        ...(effect === 'latency' && numberOf('latency_ms', latency)),
        ...numberOf('times', times),
        ...numberOf('after', after),
      },
    })
    await client.invalidateQueries({ queryKey: developerQueries.faults().queryKey })
    showToast(text.faultAdded)
  }

  const given = errors.includes(error) ? errors : [error, ...errors]
  return (
    <Form verb={text.addFault} send={send} close={close}>
      <Field label={text.operation} hint={text.operationHint} value={operation} onChange={setOperation} />
      <div className="field">
        <label htmlFor={`${id}-effect`}>{text.effect}</label>
        <select
          id={`${id}-effect`}
          className="in"
          value={effect}
          onChange={({ target }) => setEffect(effects.find((each) => each === target.value) ?? 'error')}
        >
          {effects.map((each) => (
            <option key={each} value={each}>
              {text.effects[each]}
            </option>
          ))}
        </select>
      </div>
      {effect === 'error' && (
        <div className="pair">
          <div className="field">
            <label htmlFor={`${id}-error`}>{text.error}</label>
            <select
              id={`${id}-error`}
              className="in"
              value={error}
              onChange={({ target }) => setError(given.find((each) => each === target.value) ?? 'unavailable')}
            >
              {given.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </div>
          <Field label={text.retryAfter} value={wait} onChange={setWait} most={86_400} />
        </div>
      )}
      {effect === 'latency' && <Field label={text.latencyMs} value={latency} onChange={setLatency} most={600_000} />}
      <div className="pair">
        <Field label={text.times} hint={text.timesHint} value={times} onChange={setTimes} least={1} most={1_000_000} />
        <Field label={text.after} value={after} onChange={setAfter} most={1_000_000} />
        <Field label={text.ofAccount} hint={text.ofAccountHint} value={account} onChange={setAccount} />
        <Field label={text.ofApp} hint={text.ofAppHint} value={app} onChange={setApp} />
      </div>
    </Form>
  )
}

const textOf = <Name extends string>(name: Name, value: string) => {
  const trimmed = value.trim()
  return trimmed === '' ? {} : ({ [name]: trimmed } as Record<Name, string>)
}
const numberOf = <Name extends string>(name: Name, value: string) =>
  value.trim() === '' ? {} : ({ [name]: Number(value) } as Record<Name, number>)

interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  least?: number
  /** With it, the field is for a number. */
  most?: number
}

function Field({ label, value, onChange, hint, least = 0, most }: FieldProps) {
  const id = useId()
  const number = most === undefined ? {} : { type: 'number', min: least, max: most, inputMode: 'numeric' as const }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="in"
        value={value}
        maxLength={100}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ target }) => onChange(target.value)}
        {...number}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
