import { useId } from 'react'

export interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  maxLength: number
  /** Whether it takes several lines. */
  isLong?: boolean
  type?: 'text' | 'url'
  hint?: string
  isRequired?: boolean
}

/** A field for words, with its name above. */
export function TextField({
  label,
  value,
  onChange,
  isLong,
  type = 'text',
  hint,
  maxLength,
  isRequired,
}: TextFieldProps) {
  const id = useId()
  const shared = {
    id,
    className: 'in',
    value,
    maxLength,
    required: isRequired ?? false,
    dir: 'auto',
    'aria-describedby': hint ? `${id}-hint` : undefined,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {isLong ? (
        <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} type={type} onChange={(event) => onChange(event.target.value)} />
      )}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
