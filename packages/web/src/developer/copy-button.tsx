import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as words } from '../words/developer/index.ts'

export interface CopyButtonProps {
  /** What it copies. */
  text: string
  /** What it says; `Copy` if not given. */
  label?: string
}

/** A button that copies a text. */
export function CopyButton({ text, label = words.copy }: CopyButtonProps) {
  return (
    <button type="button" className="btn small" onClick={() => void copy(text)}>
      <Icon name="copy" size={16} />
      {label}
    </button>
  )
}

/** Copies a text. Browsers have no clipboard without HTTPS or `localhost`. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast(words.copied)
  } catch {
    showToast(words.notCopied)
  }
}
