import type { Resources } from './resources.ts'

export type { Resources, TokenAnswer } from './resources.ts'

export type Account = Awaited<ReturnType<Resources['userAccount']['get']>>
export type Board = Awaited<ReturnType<Resources['boards']['get']>>
export type BoardCreate = Parameters<Resources['boards']['create']>[0]
export type BoardSection = Awaited<ReturnType<Resources['boardSections']['create']>>
export type Media = Awaited<ReturnType<Resources['media']['get']>>
export type Pin = Awaited<ReturnType<Resources['pins']['get']>>
export type PinCreate = Parameters<Resources['pins']['create']>[0]
