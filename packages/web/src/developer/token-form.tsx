import { useId, useState } from 'react'
import { Form } from '../pinning/form.tsx'
import { TextField } from '../pinning/text-field.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { AppSelect } from './app-select.tsx'
import { createToken, type OwnApp, type OwnToken, type Scope } from './calls.ts'
import { CheckField } from './check-field.tsx'
import { allScopes, readingScopes } from './scopes.ts'

const options = allScopes.map((value) => ({ value, name: value }))
const lengths = [1, 7, 30, 90, 365]
const choices: readonly { name: string; chosen: readonly Scope[] }[] = [
  { name: text.onlyRead, chosen: readingScopes },
  { name: text.everything, chosen: allScopes },
  { name: text.nothing, chosen: [] },
]
const usual: readonly Scope[] = ['boards:read', 'pins:read', 'user_accounts:read']

export interface TokenFormProps {
  apps: readonly OwnApp[]
  close: () => void
  /** To be called with the token and its text. */
  done: (token: OwnToken, made: string) => Promise<void>
}

/** Makes a token for oneself. */
export function TokenForm({ apps, close, done }: TokenFormProps) {
  const id = useId()
  const [name, setName] = useState('')
  const [appId, setAppId] = useState(apps[0]?.id ?? '')
  const [days, setDays] = useState(30)
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(usual))

  async function send(): Promise<void> {
    const made = await createToken({ body: { app_id: appId, name, scopes: [...scopes], days } })
    await done(made.token, made.access_token)
    showToast(text.tokenMade(made.token.name))
  }

  return (
    <Form verb={text.createToken} send={send} close={close} isOff={name.trim() === '' || scopes.size === 0}>
      <TextField
        label={text.tokenName}
        value={name}
        onChange={setName}
        maxLength={100}
        hint={text.tokenNameHint}
        isRequired
      />
      <div className="grid grid-cols-2 gap-4">
        <AppSelect label={text.tokenApp} apps={apps} value={appId} onChange={setAppId} />
        <div className="field">
          <label htmlFor={id}>{text.tokenDays}</label>
          <select id={id} className="in" value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {lengths.map((length) => (
              <option key={length} value={length}>
                {text.days(length)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <CheckField
        label={text.scopes}
        counted={text.chosenScopes(scopes.size)}
        choices={choices}
        options={options}
        chosen={scopes}
        onChange={setScopes}
        isCode
      />
    </Form>
  )
}
