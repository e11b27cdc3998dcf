import { type FormEvent, type ReactNode, useState } from 'react'
import { ApiFailure } from '../api/call.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { sayReason } from '../words/say-failure.ts'

export interface SettingsFormProps {
  /** What the button says. */
  verb: string
  /** Sends it. What it throws is said in the form. */
  send: () => Promise<void>
  isOff?: boolean
  children: ReactNode
}

/** A form in the settings: its fields, what went wrong, and its button. */
export function SettingsForm({ verb, send, isOff = false, children }: SettingsFormProps) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy || isOff) return
    setBusy(true)
    setProblem('')
    await send().catch((error: unknown) => setProblem(sayProblem(error)))
    setBusy(false)
  }
  return (
    <form className="grid gap-4" onSubmit={(event) => void onSubmit(event)}>
      {children}
      <p className="problem" role="alert" hidden={problem === ''}>
        <Icon name="alert" size={16} />
        {problem}
      </p>
      <div>
        <button type="submit" className="btn primary" disabled={isBusy || isOff} aria-busy={isBusy}>
          {verb}
        </button>
      </div>
    </form>
  )
}

/** Says in the page's language why something was not done. */
export function sayProblem(error: unknown): string {
  const status = error instanceof ApiFailure ? error.status : -1
  if (status === 403) return words.account.wrongPassword
  if (status === 429) return words.account.tooManyTries
  if (status === 400 && error instanceof ApiFailure) return sayReason(error.message) ?? words.account.refused
  return words.failed.title
}
