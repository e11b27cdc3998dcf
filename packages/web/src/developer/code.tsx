import { type ReactNode, useMemo } from 'react'

export interface CodeProps {
  text: string
  /** What it is, for those who do not see it. */
  label: string
}

/** Longer ones are shown without colours. */
const longestColoured = 20_000

/** A text of a program or of JSON, which is set out and coloured. */
export function Code({ text, label }: CodeProps) {
  const content = useMemo(() => coloured(setOut(text)), [text])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {content}
    </pre>
  )
}

/** Returns JSON over several lines; any other text as it is. */
function setOut(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const pieces = /("(?:[^"\\\n]|\\.)*")(\s*:)?|\b(-?\d+(?:\.\d+)?|true|false|null)\b/g

function coloured(text: string): ReactNode {
  if (text.length > longestColoured) return text
  const parts: ReactNode[] = []
  let done = 0
  for (const found of text.matchAll(pieces)) {
    const [whole, string, colon] = found
    parts.push(text.slice(done, found.index))
    const kind = string === undefined ? 'number' : colon === undefined ? 'string' : 'key'
    parts.push(
      <span key={found.index} className={kind}>
        {string ?? whole}
      </span>,
      colon ?? '',
    )
    done = found.index + whole.length
  }
  return [...parts, text.slice(done)]
}
