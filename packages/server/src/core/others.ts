import { randomBytes } from 'node:crypto'
import type { SharedMemory } from './shared-memory.ts'

/** Questions to the other servers that share a memory. */
export interface Others {
  /**
   * Asks all others, and returns their answers, once each has answered, or one `isEnough`, or `ms` are over (two seconds by
   * default). Without any others, or without the memory, there are no answers.
   */
  ask<Answer>(question: unknown, options?: { ms?: number; isEnough?: (answer: Answer) => boolean }): Promise<Answer[]>
  /** Ends it: nothing is answered any more. */
  end(): void
}

export interface OthersOptions {
  /** What the questions are about: servers that name the same answer each other. */
  topic: string
  /** Returns this server's answer to a question, as JSON. When it throws there is none. */
  answer: (question: unknown) => Promise<unknown>
  log: { warn(fields: object, message: string): void }
}

const usualMs = 2000

interface Question {
  from: string
  id: number
  question: unknown
}

/** Asks the servers that share `memory`, and answers them. */
export function othersOf(memory: SharedMemory, { topic, answer, log }: OthersOptions): Others {
  const self = randomBytes(9).toString('base64url')
  const asked = new Map<number, (answer: unknown) => void>()
  let last = 0
  let haveAllAnswered = true

  const unhear = [
    memory.hear(topic, (news) => {
      const { from, id, question } = news as Question
      answer(question).then(
        (given) => void memory.tell(`${topic} ${from}`, { id, answer: given }),
        (error) => log.warn({ err: error }, 'could not answer another server'),
      )
    }),
    memory.hear(`${topic} ${self}`, (news) => {
      const { id, answer: given } = news as { id: number; answer: unknown }
      asked.get(id)?.(given)
    }),
  ]

  /** Says once that others do not answer, until they do again. */
  function note(isWhole: boolean): void {
    if (!isWhole && haveAllAnswered)
      log.warn({ topic }, 'other servers do not answer: what they have in memory is left out until they do')
    haveAllAnswered = isWhole
  }

  return {
    ask<Answer>(
      question: unknown,
      { ms = usualMs, isEnough = () => false }: { ms?: number; isEnough?: (answer: Answer) => boolean } = {},
    ): Promise<Answer[]> {
      const id = ++last
      const answers: Answer[] = []
      let others: number | undefined
      return new Promise((resolve) => {
        const end = (isWhole: boolean) => {
          if (!asked.delete(id)) return
          clearTimeout(timer)
          note(isWhole)
          resolve(answers)
        }
        const timer = setTimeout(() => end(false), ms)
        asked.set(id, (given) => {
          answers.push(given as Answer)
          if (answers.length === others || isEnough(given as Answer)) end(true)
        })
        memory.tell(topic, { from: self, id, question } satisfies Question).then((told) => {
          others = told
          if (answers.length >= told) end(true)
        })
      })
    },

    end() {
      for (const each of unhear) each()
    },
  }
}
