import type { IncomingMessage, ServerResponse } from 'node:http'
import { sandboxOfBearer, sandboxOfPath, sandboxPath } from '../core/sandbox-mark.ts'

/** Where the requests of one sandbox go. */
export interface Branch {
  id: string
  /** The id of the app that it began with. */
  appId: string
  /** Answers a request. */
  answer(request: IncomingMessage, answer: ServerResponse): void
}

/**
 * Finds the requests that are meant for sandboxes: by the path, the token, or the id of the app. Unchanged clients send
 * nothing else.
 */
export class Branches {
  readonly #byId = new Map<string, Branch>()
  readonly #byApp = new Map<string, Branch>()

  /** Whether there is none: then there is no need to ask. */
  get isEmpty(): boolean {
    return this.#byId.size === 0
  }

  add(branch: Branch): void {
    this.#byId.set(branch.id, branch)
    this.#byApp.set(branch.appId, branch)
  }

  remove({ id, appId }: Branch): void {
    this.#byId.delete(id)
    this.#byApp.delete(appId)
  }

  /** Answers a request if it is meant for a sandbox. Returns false otherwise. */
  answer(request: IncomingMessage, answer: ServerResponse): boolean {
    const { url = '/' } = request
    const path = sandboxOfPath(url)
    if (path) {
      const branch = this.#byId.get(path.id)
      if (!branch) return false
      request.url = path.inside
      branch.answer(request, answer)
      return true
    }
    const branch = this.#ofCredentials(request.headers.authorization)
    if (branch) {
      branch.answer(request, answer)
      return true
    }
    return this.#leadToConsent(url, answer)
  }

  #ofCredentials(header: string | undefined): Branch | undefined {
    if (header === undefined) return undefined
    const id = sandboxOfBearer(header)
    if (id !== undefined) return this.#byId.get(id)
    const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+)/i.exec(header) ?? []
    if (encoded === undefined) return undefined
    const [appId = ''] = Buffer.from(encoded, 'base64').toString().split(':', 1)
    return this.#byApp.get(appId)
  }

  /** Leads a browser that an app sends to the page of consent on to that of its sandbox, where its cookies are. */
  #leadToConsent(url: string, answer: ServerResponse): boolean {
    const [, query] = /^\/oauth\/?\?(.*)$/.exec(url) ?? []
    const branch = query === undefined ? undefined : this.#byApp.get(new URLSearchParams(query).get('client_id') ?? '')
    if (!branch) return false
    answer.writeHead(302, { location: `${sandboxPath(branch.id)}/oauth/?${query}`, 'cache-control': 'no-store' }).end()
    return true
  }
}
