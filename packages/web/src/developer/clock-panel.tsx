import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { developerWords as text } from '../words/developer/index.ts'
import { language } from '../words/index.ts'
import { advanceClock, type ClockState, setClock } from './calls.ts'
import { developerQueries } from './queries.ts'
import { useAction } from './use-action.ts'

const lengths = Object.keys(text.lengths) as (keyof typeof text.lengths)[]

/** The server's clock, and what moves it. */
export function ClockPanel({ clock }: { clock: ClockState }) {
  const client = useQueryClient()
  const [isBusy, run] = useAction()
  const [by, setBy] = useState('')
  const [to, setTo] = useState('')
  const now = useTicking(clock)
  const isMachines = clock.runs && clock.ahead_ms === 0

  const change = (work: () => Promise<ClockState>) =>
    run(async () => client.setQueryData(developerQueries.clock().queryKey, await work()))
  const submit = (event: FormEvent, work: () => Promise<ClockState>) => {
    event.preventDefault()
    change(work)
  }

  return (
    <section className="panel control-panel" aria-label={text.clock}>
      <h2 className="text-18">{text.clock}</h2>
      <p className="clock">
        <time dateTime={new Date(now).toISOString()}>{writeTime(now)}</time>
        <span className="text-soft text-14">
          {isMachines ? text.clockFollows : (sayDistance(clock.ahead_ms) ?? '')}
          {!clock.runs && ` ${text.clockStands}`}
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        {lengths.map((length) => (
          <button
            key={length}
            type="button"
            className="btn small"
            disabled={isBusy}
            aria-label={text.advanceBy(text.lengths[length])}
            onClick={() => change(() => advanceClock({ body: { by: length } }))}
          >
            + {text.lengths[length]}
          </button>
        ))}
        <button
          type="button"
          className="btn small"
          disabled={isBusy}
          onClick={() => change(() => setClock({ body: { now: new Date(now).toISOString(), runs: !clock.runs } }))}
        >
          {clock.runs ? text.hold : text.run}
        </button>
        <button
          type="button"
          className="btn small"
          disabled={isBusy || isMachines}
          onClick={() => change(() => setClock({ body: {} }))}
        >
          {text.resume}
        </button>
      </div>
      <div className="pair">
        <form onSubmit={(event) => submit(event, () => advanceClock({ body: { by: by.trim() } }))}>
          <label className="field">
            <span>{text.otherLength}</span>
            <input
              className="in"
              value={by}
              pattern="\s*\d{1,12}(ms|s|m|h|d|w)\s*"
              title={text.otherLengthHint}
              placeholder="6h"
              required
              onChange={({ target }) => setBy(target.value)}
            />
          </label>
          <button type="submit" className="btn" disabled={isBusy}>
            {text.advance}
          </button>
        </form>
        <form
          onSubmit={(event) =>
            submit(event, () => setClock({ body: { now: new Date(to).toISOString(), runs: clock.runs } }))
          }
        >
          <label className="field">
            <span>{text.setTime}</span>
            <input
              className="in"
              type="datetime-local"
              value={to}
              required
              onChange={({ target }) => setTo(target.value)}
            />
          </label>
          <button type="submit" className="btn" disabled={isBusy}>
            {text.setTimeVerb}
          </button>
        </form>
      </div>
    </section>
  )
}

/** Returns the time that the clock shows, in milliseconds: it goes on here as it does there. */
function useTicking({ now, runs }: ClockState): number {
  const [passed, setPassed] = useState(0)
  useEffect(() => {
    setPassed(0)
    if (!runs) return
    const begun = Date.now()
    const timer = setInterval(() => now && setPassed(Date.now() - begun), 1000)
    return () => clearInterval(timer)
  }, [now, runs])
  return new Date(now).getTime() + passed
}

const writeTime = (now: number): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' }).format(now)

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** Says how far the clock is from the machine's; undefined if it is not. */
function sayDistance(aheadMs: number): string | undefined {
  const distance = Math.abs(aheadMs)
  const [unit, length] = units.find(([, ms]) => distance >= ms) ?? []
  if (!unit || !length) return undefined
  const count = Math.round(distance / length)
  const said = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
  return aheadMs > 0 ? text.clockAhead(said) : text.clockBehind(said)
}
