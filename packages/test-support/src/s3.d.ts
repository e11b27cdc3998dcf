/** The parts of s3rver that the tests use; it has no types of its own. */
declare module '@20minutes/s3rver' {
  export interface Listed {
    objects: { key: string }[]
    isTruncated: boolean
  }
  interface Context {
    path: string
    app: object
    query: Record<string, string>
    store: { listObjects(bucket: string, options: object): Promise<Listed> }
    /** Written as XML when all steps were taken. */
    body: { ListBucketResult: object }
  }
  export type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>
  export default class S3rver {
    /** The steps of a request, first to last. */
    middleware: Middleware[]
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
