/** A page that a visitor reached, or where it redirects to. */
export interface Page {
  status: number
  headers: Headers
  html: string
  /** The Location header: the browser's next address. */
  location: string | null
}

/** A person with a browser, as the server sees it: keeps cookies, and sends forms as the page has them. */
export interface Visitor {
  open(path: string, headers?: Record<string, string>): Promise<Page>
  /** Fills in the form on `page` with this `action`, and sends it. A field that is undefined is left out. */
  submit(page: Page, action: string, fields?: Record<string, string | undefined>): Promise<Page>
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>
  signIn(person: { username: string; password: string }): Promise<Page>
  /** The value of a cookie. */
  cookie(name: string): string | undefined
}

/** Returns a new visitor of the server at `url`. Redirects are not followed: tests check them. */
export function newVisitor(url: string): Visitor {
  const cookies = new Map<string, string>()

  async function send(path: string, init: RequestInit, headers: Record<string, string>): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, url), {
      ...init,
      redirect: 'manual',
      headers: { ...(cookie && { cookie }), ...headers },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const { status, headers: answered } = response
    return { status, headers: answered, html: await response.text(), location: answered.get('location') }
  }

  const open = (path: string, headers: Record<string, string> = {}) => send(path, {}, headers)
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    send(path, { method: 'POST', body: new URLSearchParams(form) }, { origin: url, ...headers })

  async function submit(page: Page, action: string, fields: Record<string, string | undefined> = {}): Promise<Page> {
    const filled = { ...fieldsOf(page.html, action), ...fields }
    const form = Object.entries(filled).filter((field): field is [string, string] => field[1] !== undefined)
    return post(action, Object.fromEntries(form))
  }

  return {
    open,
    submit,
    post,
    signIn: async ({ username, password }) =>
      submit(await open('/oauth/sign-in'), '/oauth/sign-in', { username, password }),
    cookie: (name) => cookies.get(name),
  }
}

/** Returns the values of the fields of the form with this `action`. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const forms = [...html.matchAll(/<form [^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)]
  const form = forms.find(([, target]) => target === action)
  if (!form) throw new Error(`The page has no form that goes to ${action}:\n${html}`)
  const inputs = (form[2] ?? '').matchAll(/<input [^>]*?name="([^"]*)"[^>]*?value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescapeHtml(value)]))
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
}
