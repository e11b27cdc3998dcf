import { type ComponentType, lazy, memo } from 'react'
import { Failure } from '../ui/state.tsx'

/**
 * Makes a component whose code is loaded when it is first shown, so that the first page of a visit does not wait for it.
 * If the code does not come, it says so.
 */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() =>
    load().then(
      (component) => ({ default: memo(component) as unknown as ComponentType<Props> }),
      (error: Error) => ({
        default: (_: Props) => <Failure error={error} retry={() => window.location.reload()} />,
      }),
    ),
  )
}
