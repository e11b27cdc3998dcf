import { type FormEvent, type ReactNode, useState } from 'react'
import { nextKept } from '../api/outbox.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { Problem } from './board-choice.tsx'

export interface FormProps {
  /** What the button says. */
  verb: string
  /** Sends it. What it throws is said in the form. */
  send: () => Promise<void>
  close: () => void
  isDangerous?: boolean
  isOff?: boolean
  children: ReactNode
}

/** A form in a dialog: its fields, what went wrong, and the buttons. */
export function Form({ verb, send, close, isDangerous = false, isOff = false, children }: FormProps) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy || isOff) return
    setBusy(true)
    setProblem('')
    try {
      const kept = nextKept().then(() => true)
      const sending = send()
      // Without a connection it is sent later, and says later what is wrong with it.
      const isLater = await Promise.race([sending.then(() => false), kept])
      if (isLater) sending.catch((error: unknown) => showToast(sayFailure(error)))
      close()
    } catch (error) {
      setProblem(sayFailure(error))
      setBusy(false)
    }
  }

  return (
    <form className="grid gap-4" onSubmit={(event) => void onSubmit(event)}>
      {children}
      <Problem said={problem} />
      <div className="actions">
        <button type="button" className="btn quiet" onClick={close}>
          {words.pinning.cancel}
        </button>
        <button
          type="submit"
          className={isDangerous ? 'btn danger' : 'btn primary'}
          disabled={isBusy || isOff}
          aria-busy={isBusy}
        >
          {verb}
        </button>
      </div>
    </form>
  )
}
