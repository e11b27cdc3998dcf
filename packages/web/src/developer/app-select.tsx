import { useId } from 'react'
import type { OwnApp } from './calls.ts'

export interface AppSelectProps {
  label: string
  apps: readonly OwnApp[]
  /** The id of the chosen one. */
  value: string
  onChange: (id: string) => void
}

/** A field for one of somebody's apps, with its name above. */
export function AppSelect({ label, apps, value, onChange }: AppSelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="in" value={value} onChange={({ target }) => onChange(target.value)}>
        {apps.map((app) => (
          <option key={app.id} value={app.id}>
            {app.name}
          </option>
        ))}
      </select>
    </div>
  )
}
