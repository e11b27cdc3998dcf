import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type AccountSettings, type BrowserSession, endSessions, setPassword } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { Failure } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { words, writeDay } from '../words/index.ts'
import { browserOf } from './browser-of.ts'
import { PasswordField } from './password-field.tsx'
import { SettingsForm, sayProblem } from './settings-form.tsx'

const text = words.account

/** The password, and the browsers in which somebody is signed in. */
export function SecuritySettings({ settings }: { settings: AccountSettings }) {
  return (
    <>
      <PasswordForm username={settings.username} />
      <h2 className="text-22 mb-4 mt-10">{text.sessions}</h2>
      <Sessions needsPassword={settings.needs_password} />
    </>
  )
}

function PasswordForm({ username }: { username: string }) {
  const client = useQueryClient()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  async function send(): Promise<void> {
    await setPassword({ body: { current_password: current, new_password: next } })
    setCurrent('')
    setNext('')
    void client.invalidateQueries({ queryKey: queries.sessions().queryKey })
    showToast(text.passwordChanged)
  }
  return (
    <SettingsForm verb={text.changePassword} send={send} isOff={current === '' || next.length < 8}>
      {/* Password managers need to know whose it is. */}
      <input type="hidden" name="username" autoComplete="username" value={username} />
      <PasswordField label={text.currentPassword} value={current} onChange={setCurrent} kind="current-password" />
      <PasswordField
        label={text.newPassword}
        value={next}
        onChange={setNext}
        kind="new-password"
        hint={text.newPasswordHint}
      />
    </SettingsForm>
  )
}

function Sessions({ needsPassword }: { needsPassword: boolean }) {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(queries.sessions())
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState('')
  async function end(sessionId?: string): Promise<void> {
    const proof = password === '' ? {} : { current_password: password }
    try {
      await endSessions({ body: { ...(sessionId !== undefined && { session_id: sessionId }), ...proof } })
      setProblem('')
      showToast(text.sessionEnded)
    } catch (failure) {
      setProblem(sayProblem(failure))
    }
    await client.invalidateQueries({ queryKey: queries.sessions().queryKey })
  }
  if (error) return <Failure error={error} retry={() => void refetch()} />
  const others = data?.items.filter((session) => !session.is_this) ?? []
  const isOff = needsPassword && password === ''
  return (
    <>
      {needsPassword && others.length > 0 && (
        <div className="mb-4">
          <PasswordField label={text.passwordToEnd} value={password} onChange={setPassword} kind="current-password" />
        </div>
      )}
      <p className="problem mb-4" role="alert" hidden={problem === ''}>
        {problem}
      </p>
      <ul className="panel settings-list">
        {data?.items.map((session) => (
          <SessionRow key={session.id} session={session} isOff={isOff} end={() => void end(session.id)} />
        ))}
      </ul>
      {others.length > 1 && (
        <button type="button" className="btn mt-4" disabled={isOff} onClick={() => void end()}>
          {text.endOthers}
        </button>
      )}
    </>
  )
}

function SessionRow({ session, isOff, end }: { session: BrowserSession; isOff: boolean; end: () => void }) {
  const browser = browserOf(session.user_agent) || text.unknownBrowser
  return (
    <li>
      <div className="min-w-0 flex-1">
        <b>{browser}</b>
        <span className="text-soft text-13 block">
          {session.is_this ? text.thisBrowser : text.signedInOn(writeDay(session.created_at))}
        </span>
      </div>
      {!session.is_this && (
        <button
          type="button"
          className="btn quiet"
          disabled={isOff}
          aria-label={text.endSessionOf(browser)}
          onClick={end}
        >
          {text.endSession}
        </button>
      )}
    </li>
  )
}
