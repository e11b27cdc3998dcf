export interface CheckBoxesProps<Value extends string> {
  label: string
  options: readonly { value: Value; name: string }[]
  chosen: ReadonlySet<Value>
  onChange: (chosen: ReadonlySet<Value>) => void
  /** Whether the names are code. */
  isCode?: boolean
}

/** Boxes to tick, several at once. */
export function CheckBoxes<Value extends string>({ label, options, chosen, onChange, isCode }: CheckBoxesProps<Value>) {
  const toggle = (value: Value, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(value)
    else next.delete(value)
    onChange(next)
  }
  return (
    <fieldset className="boxes">
      <legend className="sr-only">{label}</legend>
      {options.map(({ value, name }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.has(value)} onChange={({ target }) => toggle(value, target.checked)} />
          {isCode ? <code>{name}</code> : name}
        </label>
      ))}
    </fieldset>
  )
}
