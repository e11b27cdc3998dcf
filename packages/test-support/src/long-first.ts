import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, most of it waiting for processes and browsers; the longest first. */
const long = [
  'cli/test/docs',
  'cli/test/serve',
  'cli/test/import',
  'server/test/browser',
  'server/test/large-bodies',
  'server/test/web-pinning',
  'cli/test/commands',
  'server/test/web-browser',
  'server/test/web-developer',
  'server/test/exchange',
  'cli/test/diff',
  'server/test/web-finding',
  'server/test/web-live',
  'server/test/oauth',
  'cli/test/exec',
  'cli/test/operator',
  'server/test/crash',
  'mcp/test/tools',
  'server/test/bad-input',
  'client/test/survival',
]

/** Begins with the files that take longest, so that at the end no worker waits for the one that got them last. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at < 0 ? long.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}
