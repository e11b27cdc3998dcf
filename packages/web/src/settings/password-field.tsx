import { useId } from 'react'

export interface PasswordFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** What password managers fill in. */
  kind: 'current-password' | 'new-password'
  hint?: string
}

/** A field for a password, with its name above. */
export function PasswordField({ label, value, onChange, kind, hint }: PasswordFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="in"
        type="password"
        autoComplete={kind}
        maxLength={200}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
