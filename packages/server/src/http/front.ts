import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { BodyBudget } from './body/budget.ts'
import { Branches } from './branches.ts'
import { limitConnections } from './connections.ts'
import { type RefusedRequests, refusedRequests } from './refused-requests.ts'
import type { ErrorCodes } from './render-error.ts'
import { requestIds } from './request-ids.ts'

// Imported as a module, it would load undici: 10 ms and 4 MB of every start.
const { createServer } = process.getBuiltinModule('node:http')

/** Headers must arrive within this… */
const headersTimeoutMs = 20_000
/** …which Node checks this often. */
const checkEveryMs = 5000
/** A request must arrive within this: 2 GB at one megabit a second. */
export const requestTimeoutMs = 6 * 60 * 60 * 1000
/** How long an idle connection is kept. */
const keepAliveMs = 72_000

/** While the server closes, connections that have become idle are closed this often. */
const closeIdleEveryMs = 50

/** What answers requests behind a front, until another does. */
export interface Served {
  readonly app: FastifyInstance
  /** How many requests it still answers. */
  readonly answering: number
  /** Resolves when it answers no request. */
  idle(): Promise<void>
  /** Has `idle` not wait for an answer any more: it needs nothing of the data. To be called once for an answer. */
  letGo(answer: ServerResponse): void
}

/** What an application has before it: that of the server, or of one of its sandboxes. */
export interface Before {
  /** The memory for bodies that are arriving: all applications share it. */
  bodyBudget: BodyBudget
  newRequestId: () => string
  refused: RefusedRequests
  /** Has an application that is ready answer requests from now on. */
  serve(app: FastifyInstance): Served
}

/** The server that listens. What answers the requests is behind it, and can be exchanged while it listens. */
export interface Front extends Before {
  /** Listens and closes. It has no routes of its own. */
  app: FastifyInstance
  /** Has connections end after their next answer, so that clients and balancers go elsewhere. */
  drain(): void
  /**
   * Makes a place for the application of a sandbox. Once it serves, the requests that are meant for it go there, and each
   * calls `noted`, until `remove`.
   */
  branch(sandbox: { id: string; appId: string; noted: () => void }): Before & { remove(): void }
}

/** Makes a front. `countsConnections`: whether each network may have a limited number of connections. */
export function makeFront({
  errorCodes,
  countsConnections,
}: {
  errorCodes: ErrorCodes
  countsConnections: boolean
}): Front {
  const bodyBudget = new BodyBudget()
  const newRequestId = requestIds()
  const refused = refusedRequests({ newRequestId, errorCodes })
  let current: Serving | undefined
  const branches = new Branches()
  let isDraining = false
  const dispatch: RequestListener = (request, answer) => {
    if (isDraining) answer.setHeader('connection', 'close')
    if (branches.isEmpty || !branches.answer(request, answer)) current?.answer(request, answer)
  }
  const listener = () => {
    const timeouts = {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveMs,
    }
    const server = createServer(
      { ...timeouts, connectionsCheckingInterval: checkEveryMs, requireHostHeader: false },
      dispatch,
    )
    server.on('checkExpectation', refused.expectation).on('connect', refused.tunnel)
    // Behind a proxy all come from its address, and the proxy is the one to count them.
    if (countsConnections) limitConnections(server)
    return server
  }
  const app = Fastify({
    serverFactory: listener,
    forceCloseConnections: 'idle',
    clientErrorHandler: refused.connectionError,
  })
  app.addHook('preClose', async () => {
    // A connection whose answer ends while the server closes would be kept as an idle one, and the server wait for it.
    const closing = setInterval(() => app.server.closeIdleConnections(), closeIdleEveryMs)
    app.server.once('close', () => clearInterval(closing))
  })
  return {
    app,
    drain() {
      isDraining = true
    },
    bodyBudget,
    newRequestId,
    refused,
    serve(next) {
      current = new Serving(next)
      return current
    },
    branch({ id, appId, noted }) {
      let serving: Serving | undefined
      const branch = {
        id,
        appId,
        answer(request: IncomingMessage, answer: ServerResponse) {
          noted()
          serving?.answer(request, answer)
        },
      }
      return {
        bodyBudget,
        newRequestId,
        refused,
        serve(next) {
          serving = new Serving(next)
          branches.add(branch)
          return serving
        },
        remove: () => branches.remove(branch),
      }
    },
  }
}

class Serving implements Served {
  readonly app: FastifyInstance
  answering = 0
  #whenIdle: (() => void)[] = []

  constructor(app: FastifyInstance) {
    this.app = app
  }

  answer(request: IncomingMessage, answer: ServerResponse): void {
    this.answering++
    answer.on('close', this.#answered)
    this.app.routing(request, answer)
  }

  idle(): Promise<void> {
    return this.answering === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  letGo(answer: ServerResponse): void {
    answer.off('close', this.#answered)
    this.#answered()
  }

  #answered = (): void => {
    this.answering--
    if (this.answering > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }
}
