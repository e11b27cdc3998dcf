import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiFailure } from '../api/call.ts'
import { PasswordField } from '../settings/password-field.tsx'
import { State } from '../ui/state.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { getClock } from './calls.ts'
import { keepControlToken } from './control-call.ts'

/** Returns whether the server refused to be controlled. */
export const isClosed = (error: Error | null): boolean =>
  error instanceof ApiFailure && (error.status === 401 || error.status === 403)

/** Says that the controls are not open, and takes the control token. */
export function Closed({ retry }: { retry: () => void }) {
  const client = useQueryClient()
  const [token, setToken] = useState('')
  const [isWrong, setWrong] = useState(false)
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    keepControlToken(token)
    try {
      await getClock({})
      await client.invalidateQueries({ queryKey: ['control'] })
      retry()
    } catch (error) {
      keepControlToken('')
      setWrong(error instanceof Error && isClosed(error))
    }
  }
  return (
    <State said={text.closed} mood="missing" isPage>
      <form className="grid w-full gap-4 text-start" onSubmit={(event) => void send(event)}>
        <PasswordField
          label={text.controlToken}
          value={token}
          onChange={setToken}
          kind="current-password"
          hint={text.controlTokenHint}
        />
        <p className="problem" role="alert" hidden={!isWrong}>
          {text.wrongToken}
        </p>
        <div>
          <button type="submit" className="btn primary" disabled={token === ''}>
            {text.useToken}
          </button>
        </div>
      </form>
    </State>
  )
}
