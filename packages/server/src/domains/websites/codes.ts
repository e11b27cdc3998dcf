/** What to put on a website in order to claim it, for each way to do so. */
export interface Codes {
  /** The code of the account. */
  verification_code: string
  /** A TXT record of the domain. */
  dns_txt_record: string
  /** A tag in the head of the page. */
  metatag: string
  /** The name of a file below the website. */
  filename: string
  /** What to write into it. */
  file_content: string
}

/** The name of the tag that holds the code. */
export const metaName = 'p:domain_verify'

/** Returns the forms of a code. */
export function codesOf(code: string): Codes {
  const metatag = `<meta name="${metaName}" content="${code}"/>`
  return {
    verification_code: code,
    dns_txt_record: `pinterest-site-verification=${code}`,
    metatag,
    filename: `pinterest-${code.slice(0, 5)}.html`,
    file_content: `<!doctype html><html><head><meta charset="utf-8"/>${metatag}<title>${code}</title></head><body></body></html>`,
  }
}
