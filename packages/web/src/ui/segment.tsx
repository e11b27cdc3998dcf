import type { ReactNode } from 'react'

export interface SegmentProps<Value extends string> {
  label: string
  options: readonly { value: Value; name: string; icon?: ReactNode }[]
  value: Value
  onChange: (value: Value) => void
}

/** A choice among two to four, all of which are seen. */
export function Segment<Value extends string>({ label, options, value, onChange }: SegmentProps<Value>) {
  return (
    <div className="segment" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={option.icon ? 'only-icon' : ''}
          aria-pressed={option.value === value}
          aria-label={option.icon ? option.name : undefined}
          title={option.icon ? option.name : undefined}
          onClick={() => onChange(option.value)}
        >
          {option.icon ?? option.name}
        </button>
      ))}
    </div>
  )
}
