import type { ReportFormat } from '@pinfold/contract'
import type { Clock } from '../../../core/clock.ts'
import type { AdAccountRow } from '../../ad-accounts/ad-accounts.ts'
import type { Job, JobFile, Jobs } from '../../jobs/jobs.ts'
import { signedPermits } from '../signed-permits.ts'
import { type ReportBody, type ReportSpec, readReportSpec } from './report-spec.ts'

/** The kind of the jobs that are reports. */
export const reportJob = 'report'
/** The path that gives reports; `of`: the permit. */
export const reportPath = '/_pinfold/reports/download'

type Account = Pick<AdAccountRow, 'id'>

/** Files of how ads did, which are made meanwhile. */
export interface AdReports {
  /** Asks for a report; of equal ones there is one. Throws `adsAnalyticsInvalid`, or `rateLimited` when there are too many. */
  create(account: Account, body: ReportBody): Promise<Job>
  /** Returns how far a report is, and when it is done what permits to read it, for 5 minutes. Undefined: there is none. */
  find(account: Account, token: string): Promise<(Job & { permit?: string }) | undefined>
  /** Returns the report that a permit is for; undefined if it is forged or too old, or the report is gone. */
  download(permit: string): Promise<ReportFile | undefined>
}

/** A report as a file. */
export interface ReportFile extends JobFile {
  /** How it is written. */
  format: ReportFormat
}

export interface AdReportsOptions {
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
  jobs: Pick<Jobs, 'begin' | 'find' | 'file'>
}

const downloadTtlMs = 5 * 60_000

/** Makes the reports. */
export function adReportsOf({ clock, key, jobs }: AdReportsOptions): AdReports {
  const permits = signedPermits<string>({ purpose: 'reports', ttlMs: downloadTtlMs, key, clock })
  return {
    create: (account, body) => jobs.begin(reportJob, account.id, readReportSpec(body, clock.now())),

    async find({ id }, token) {
      const job = await jobs.find(reportJob, id, token)
      return job?.status === 'FINISHED' ? { ...job, permit: permits.make(token) } : job
    },

    async download(permit) {
      const token = permits.read(permit)
      const file = token === undefined ? undefined : await jobs.file(token)
      if (!file) return undefined
      const { format } = file.params as ReportSpec
      return { ...file, format }
    },
  }
}
