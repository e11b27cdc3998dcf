import { useState } from 'react'
import { Form } from '../pinning/form.tsx'
import { TextField } from '../pinning/text-field.tsx'
import { Segment } from '../ui/segment.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { type AppDraft, createApp, type OwnApp, updateApp } from './calls.ts'
import { CheckBoxes } from './check-boxes.tsx'

type Feature = NonNullable<OwnApp['features']>[number]

const features = (['pin_edit', 'pin_search', 'multi_pin_analytics'] as const).map((value) => ({
  value,
  name: text.featureNames[value],
}))

export interface AppFormProps {
  /** Undefined: a new one. */
  app: OwnApp | undefined
  /** Whether one may choose the tier and the restricted features. */
  mayApprove: boolean
  close: () => void
  /** To be called with the app, and with the secret of a new one. */
  done: (app: OwnApp, secret?: string) => Promise<void>
}

/** Makes or changes an app. */
export function AppForm({ app, mayApprove, close, done }: AppFormProps) {
  const [name, setName] = useState(app?.name ?? '')
  const [uris, setUris] = useState(app?.redirect_uris.join('\n') ?? '')
  const [takesLoopback, setLoopback] = useState(app?.loopback_redirects ?? true)
  const [tier, setTier] = useState(app?.tier ?? 'standard')
  const [own, setOwn] = useState<ReadonlySet<Feature> | null>(app?.features ? new Set(app.features) : null)

  async function send(): Promise<void> {
    const body: AppDraft = {
      name,
      redirect_uris: uris.split(/\s+/).filter((uri) => uri !== ''),
      loopback_redirects: takesLoopback,
      ...(mayApprove && { tier, features: own && [...own] }),
    }
    if (app) {
      await done(await updateApp({ params: { app_id: app.id }, body }))
      showToast(text.appSaved(name))
    } else {
      const made = await createApp({ body })
      await done(made.app, made.secret)
      showToast(text.appMade(made.app.name))
    }
  }

  return (
    <Form verb={app ? text.saveApp : text.createApp} send={send} close={close} isOff={name.trim() === ''}>
      <TextField
        label={text.appName}
        value={name}
        onChange={setName}
        maxLength={100}
        hint={text.appNameHint}
        isRequired
      />
      <TextField
        label={text.redirectUris}
        value={uris}
        onChange={setUris}
        maxLength={40_000}
        hint={text.redirectUrisHint}
        isLong
      />
      <label className="box">
        <input type="checkbox" checked={takesLoopback} onChange={({ target }) => setLoopback(target.checked)} />
        {text.loopback}
      </label>
      {mayApprove ? (
        <>
          <div className="field">
            <span>{text.tier}</span>
            <Segment
              label={text.tier}
              value={tier}
              onChange={setTier}
              options={[
                { value: 'trial', name: text.tiers.trial },
                { value: 'standard', name: text.tiers.standard },
              ]}
            />
            <small>{text.tierHint}</small>
          </div>
          <div className="field">
            <span>{text.features}</span>
            <Segment
              label={text.features}
              value={own ? 'own' : 'tier'}
              onChange={(value) => setOwn(value === 'own' ? new Set() : null)}
              options={[
                { value: 'tier', name: text.featuresOf.tier },
                { value: 'own', name: text.featuresOf.own },
              ]}
            />
            {own && <CheckBoxes label={text.features} options={features} chosen={own} onChange={setOwn} />}
          </div>
        </>
      ) : (
        <p className="text-soft text-13">{text.tierFixed}</p>
      )}
    </Form>
  )
}
