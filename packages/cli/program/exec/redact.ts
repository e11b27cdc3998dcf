/** Replaces a secret in a log. */
export const redacted = '…'

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

const secretNames =
  'access_token|refresh_token|id_token|token|code|code_verifier|client_secret|password|csrf|policy|signature|x-amz-[\\w-]+'

const patterns: readonly RegExp[] = [
  // The secret of a webhook, anywhere.
  /(?<before>)\bwhsec_[\w+/=]+(?<after>)/g,
  // A token of Pinterest's or Pinfold's, anywhere.
  /(?<before>)\bpin[acr]_[\w~.+/-]+(?<after>)/g,
  // In a form or a query. %3F, %26 and %3D: in an address that is itself a parameter.
  new RegExp(
    `(?<before>(?:^|[?&]|%3F|%26)(?:${secretNames})(?:=|%3D))[^&\\s"'<>%]+(?:%(?!26)[^&\\s"'<>%]*)*(?<after>)`,
    'gi',
  ),
  // In JSON: only a string, since an error has a number called `code`.
  new RegExp(`(?<before>"(?:${secretNames})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*(?<after>")`, 'gi'),
  // In a field of a page.
  new RegExp(`(?<before>name="(?:${secretNames})"[^>]*\\bvalue=")[^"]*(?<after>")`, 'gi'),
  // In a part of a multipart form.
  new RegExp(`(?<before>name="(?:${secretNames})"(?:\\r?\\n[^\\r\\n]+)*\\r?\\n\\r?\\n)[^\\r\\n]*(?<after>)`, 'gi'),
]

/** Returns a text of any kind (a form, JSON, a page, an address) with its secrets replaced. */
export const redactText = (text: string): string =>
  patterns.reduce((rest, pattern) => rest.replace(pattern, `$<before>${redacted}$<after>`), text)

export const redactHeader = (name: string, value: string): string =>
  secretHeaders.has(name.toLowerCase()) ? redacted : redactText(value)
