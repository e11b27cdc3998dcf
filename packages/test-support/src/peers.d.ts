// The parts of two clients for Pinterest that the tests use; they have no types, or `any` for everything.

declare module 'pinterest-sdk' {
  /** `data` is the answer, read into the client's own model. */
  type Done<T> = (error: Error | null, data: T, response: { status: number }) => void

  interface Page<T> {
    items: T[]
    bookmark: string
  }

  export class ApiClient {
    static instance: ApiClient
    basePath: string
    authentications: { pinterest_oauth2: { accessToken?: string } }
  }

  export class Board {
    constructor(name: string)
    id: string
    name: string
    description: string
    privacy: string
  }

  export class BoardUpdate {
    name?: string
    description?: string
    privacy?: string
  }

  export class BoardSection {
    id: string
    name: string
  }

  export class Pin {
    id: string
    created_at: Date
    board_id: string
    board_section_id: string
    title: string
    link: string
    media: { media_type: string }
    media_source: object
  }

  export class Account {
    username: string
    account_type: string
    profile_image: string
    website_url: string
  }

  interface PageOptions {
    bookmark?: string
    pageSize?: number
  }

  export class BoardsApi {
    boardsCreate(board: Board, done: Done<Board>): void
    boardsList(options: PageOptions & { privacy?: string }, done: Done<Page<Board>>): void
    boardsGet(boardId: string, done: Done<Board>): void
    boardsUpdate(boardId: string, change: BoardUpdate, done: Done<Board>): void
    boardsDelete(boardId: string, done: Done<null>): void
    boardsListPins(boardId: string, options: PageOptions, done: Done<Page<Pin>>): void
    boardSectionsCreate(boardId: string, section: BoardSection, done: Done<BoardSection>): void
    boardSectionsList(boardId: string, options: PageOptions, done: Done<Page<BoardSection>>): void
    boardSectionsListPins(boardId: string, sectionId: string, options: PageOptions, done: Done<Page<Pin>>): void
    boardSectionsUpdate(boardId: string, sectionId: string, section: BoardSection, done: Done<BoardSection>): void
    boardSectionsDelete(boardId: string, sectionId: string, done: Done<null>): void
  }

  export class PinsApi {
    pinsCreate(pin: Pin, done: Done<Pin>): void
    pinsGet(pinId: string, options: object, done: Done<Pin>): void
    pinsDelete(pinId: string, done: Done<null>): void
  }

  export class UserAccountApi {
    userAccountGet(options: object, done: Done<Account>): void
  }
}

declare module 'pinterest-node-api' {
  /** An answer's body, a success or an error; `{}` when there is none. */
  type Body = Record<string, unknown> & { id: string; items: Body[]; bookmark: string | null }

  /** The query of a call is in its last argument. */
  interface Query {
    query: Record<string, string | number>
  }

  class PinterestClient {
    constructor(accessToken?: string)
    setHost(host: string, port: string, protocol: 'http' | 'https'): void
    setUserToken(token: string): void
    setApiKey(appId: string, appSecret: string): void

    oauth: { createAccessToken(form: Record<string, string>): Promise<Body> }
    user_account: { get(): Promise<Body> }
    boards: {
      create(board: object): Promise<Body>
      list(query: Query): Promise<Body>
      get(boardId: string): Promise<Body>
      update(boardId: string, change: object): Promise<Body>
      delete(boardId: string): Promise<Body>
      getPins(boardId: string, query: Query): Promise<Body>
      createSection(boardId: string, section: object): Promise<Body>
      getSections(boardId: string, query: Query): Promise<Body>
      getSectionPins(boardId: string, sectionId: string, query: Query): Promise<Body>
      updateSection(boardId: string, sectionId: string, section: object): Promise<Body>
      deleteSection(boardId: string, sectionId: string): Promise<Body>
    }
    pins: {
      create(pin: object): Promise<Body>
      list(query: Query): Promise<Body>
      get(pinId: string): Promise<Body>
      save(pinId: string, target: object): Promise<Body>
      delete(pinId: string): Promise<Body>
    }
  }
  export default PinterestClient
}
