import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type AccountSettings, updateSettings } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { TextField } from '../pinning/text-field.tsx'
import { Segment } from '../ui/segment.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { PictureField } from './picture-field.tsx'
import { SettingsForm } from './settings-form.tsx'

const text = words.account

/** What others see of an account, and whether it is a person's or a business's. */
export function ProfileSettings({ settings }: { settings: AccountSettings }) {
  const client = useQueryClient()
  const [type, setType] = useState(settings.account_type)
  const [name, setName] = useState(settings.name)
  const [about, setAbout] = useState(settings.about)
  const [website, setWebsite] = useState(settings.website_url)
  async function send(): Promise<void> {
    const body = { account_type: type, about, website_url: website, ...(type === 'BUSINESS' && { name }) }
    const changed = await updateSettings({ body })
    client.setQueryData(queries.settings().queryKey, changed)
    setName(changed.name)
    setWebsite(changed.website_url)
    void client.invalidateQueries({ queryKey: queries.session().queryKey })
    void client.invalidateQueries({ queryKey: queries.profile(changed.username).queryKey })
    showToast(text.saved)
  }
  return (
    <div className="grid gap-6">
      <PictureField settings={settings} />
      <SettingsForm verb={text.save} send={send}>
        <p className="text-soft">{text.username(settings.username)}</p>
        <div className="field">
          <span>{text.kind}</span>
          <div>
            <Segment
              label={text.kind}
              value={type}
              onChange={setType}
              options={[
                { value: 'PINNER', name: text.person },
                { value: 'BUSINESS', name: text.business },
              ]}
            />
          </div>
          <small>{type === 'BUSINESS' ? text.businessHint : text.personHint}</small>
        </div>
        {type === 'BUSINESS' && <TextField label={text.name} value={name} onChange={setName} maxLength={100} />}
        <TextField label={text.about} value={about} onChange={setAbout} maxLength={500} isLong />
        <TextField
          label={text.website}
          value={website}
          onChange={setWebsite}
          maxLength={2048}
          hint={text.websiteHint}
        />
      </SettingsForm>
    </div>
  )
}
