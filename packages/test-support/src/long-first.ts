import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, most of it waiting for processes and browsers; the longest first. */
const long = [
  'cli/test/docs',
  'server/test/web-developer',
  'cli/test/serve',
  'cli/test/commands',
  'cli/test/import',
  'server/test/web-pinning',
  'server/test/webhooks',
  'server/test/browser',
  'server/test/web-browser',
  'server/test/web-live',
  'server/test/web-finding',
  'cli/test/operator',
  'server/test/exchange',
  'server/test/media-maintenance',
  'server/test/webhooks-crash',
  'cli/test/backup',
  'client/test/survival',
  'server/test/web-media',
  'server/test/ads-crash',
  'server/test/group-boards',
  'cli/test/exec',
  'server/test/memory-limits',
  'server/test/bad-input',
  'client/test/testing',
  'server/test/crash',
  'cli/test/control',
  'server/test/large-bodies',
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
