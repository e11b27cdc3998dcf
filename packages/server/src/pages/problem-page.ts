import { html, page, pageHeaders } from './html.ts'

/** Whose fault it is: the app's that sent the visitor here, the visitor's, or this server's. */
export type Side = 'app' | 'visitor' | 'server'

const sides: Record<Side, string> = {
  app: 'The app that sent you here asked for something wrong. It is not your doing, nor this server’s.',
  visitor: 'Nothing is broken: neither this server nor an app.',
  server: 'This server is at fault. It is not your doing, nor that of an app.',
}

export interface Problem {
  side: Side
  title: string
  /** What is wrong, and what the visitor can do. */
  explanation: string
  /** What a developer can do. */
  forDevelopers?: string
}

/** Returns a page that says what went wrong, whose fault it is, and what to do. */
export function problemPage({ side, title, explanation, forDevelopers }: Problem): string {
  return page(
    title,
    html`<h1>${title}</h1><p>${explanation}</p><p class="soft">${sides[side]}</p>
${forDevelopers && html`<p class="note"><strong>For developers</strong> ${forDevelopers}</p>`}`,
  )
}

/** Returns the page for a browser that asked for a page and gets an error. `message` is the text for programs. */
export function errorPage({ status, message, rid }: { status: number; message: string; rid: string }) {
  return { headers: pageHeaders, text: problemPage(problemOf(status, message, rid)) }
}

function problemOf(status: number, message: string, rid: string): Problem {
  const forDevelopers = `${message} The request’s id is ${rid}.`
  if (status === 404)
    return {
      side: 'visitor',
      title: 'There is nothing here',
      explanation: 'This address leads to no page. It may be mistyped, or what was here is gone.',
      forDevelopers,
    }
  if (status === 503)
    return {
      side: 'server',
      title: 'This server cannot answer now',
      explanation: 'Wait a moment, and load the page again.',
      forDevelopers,
    }
  if (status >= 500)
    return {
      side: 'server',
      title: 'Something went wrong on this server',
      explanation: 'Load the page again. If that does not help, tell whoever runs this server.',
      forDevelopers: `The server’s log says why, at the request with the id ${rid}.`,
    }
  return {
    side: 'visitor',
    title: 'This cannot be answered',
    explanation: message,
    forDevelopers: `The request’s id is ${rid}.`,
  }
}
