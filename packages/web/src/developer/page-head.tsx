import type { ReactNode } from 'react'

export interface PageHeadProps {
  title: string
  /** What the page is for. */
  said: string
  /** What one does here first. */
  children?: ReactNode
}

/** The head of a developer page: what it is, and its main button. */
export function PageHead({ title, said, children }: PageHeadProps) {
  return (
    <div className="page-head">
      <div>
        <h1 className="text-28">{title}</h1>
        <p className="text-soft">{said}</p>
      </div>
      {children}
    </div>
  )
}
