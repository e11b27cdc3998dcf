/** The parts of s3rver that the tests use; it has no types of its own. */
declare module '@20minutes/s3rver' {
  interface Context {
    path: string
    app: object
    query: Record<string, string>
  }
  export default class S3rver {
    /** The steps of a request, first to last. */
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[]
    constructor(options: {
      address: string
      port: number
      silent: boolean
      directory: string
      configureBuckets: { name: string }[]
    })
    run(): Promise<{ address: string; port: number }>
    close(): Promise<void>
  }
}
