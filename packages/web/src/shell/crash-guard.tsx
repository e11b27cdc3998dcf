import { Component, type ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import { State } from '../ui/state.tsx'
import { words } from '../words/index.ts'

export interface CrashGuardProps {
  /** The address of the page: another one is tried anew. */
  address: string
  children: ReactNode
}

/** Shows a state in place of a page that threw an error. */
export class CrashGuard extends Component<CrashGuardProps, { hasCrashed: boolean }> {
  override state = { hasCrashed: false }

  static getDerivedStateFromError(): { hasCrashed: boolean } {
    return { hasCrashed: true }
  }

  override componentDidUpdate({ address }: CrashGuardProps): void {
    if (this.state.hasCrashed && address !== this.props.address) this.setState({ hasCrashed: false })
  }

  override render(): ReactNode {
    if (!this.state.hasCrashed) return this.props.children
    return (
      <State said={words.crashed} mood="wrong" isPage>
        <button type="button" className="btn" onClick={() => location.reload()}>
          <Icon name="again" />
          {words.tryAgain}
        </button>
      </State>
    )
  }
}
