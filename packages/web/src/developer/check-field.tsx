import { CheckBoxes, type CheckBoxesProps } from './check-boxes.tsx'

export interface CheckFieldProps<Value extends string> extends CheckBoxesProps<Value> {
  /** How many are ticked, in words. */
  counted: string
  /** What is ticked with one press. */
  choices: readonly { name: string; chosen: readonly Value[] }[]
}

/** A field of boxes to tick, with its name, how many are ticked, and buttons that tick several. */
export function CheckField<Value extends string>({ counted, choices, ...boxes }: CheckFieldProps<Value>) {
  return (
    <div className="field">
      <span>
        {boxes.label} <span className="text-soft">· {counted}</span>
      </span>
      <div className="flex flex-wrap gap-2">
        {choices.map(({ name, chosen }) => (
          <button key={name} type="button" className="btn small" onClick={() => boxes.onChange(new Set(chosen))}>
            {name}
          </button>
        ))}
      </div>
      <CheckBoxes {...boxes} />
    </div>
  )
}
