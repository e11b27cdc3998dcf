/** The code of the guide to Pinterest's API as its text has it: run together, and without leading white space. */
export interface GuideCode {
  /** The JavaScript class, with the comment above it. */
  javascriptClass: string
  /** The lines that use the class. */
  javascriptUsage: string
  /** Python: `create_pin` with its import, and `bulk_create_pins`. */
  python: { createPin: string; bulkCreatePins: string }
  /** The template of the consent page's address. */
  consentUrl: string
  /** The shell command that encodes an app's credentials. */
  encode: string
  /** Every curl command, in the order of the text. */
  curls: string[]
}

/** Extracts the code from the guide's text. Throws if a piece is missing. */
export function cutGuide(text: string): GuideCode {
  const cut = (pattern: RegExp) => {
    const [piece] = pattern.exec(text) ?? []
    if (piece === undefined) throw new Error(`The guide's text has nothing like ${pattern}.`)
    return piece
  }
  return {
    javascriptClass: cut(/\/\/ Pinterest API Client Example\n[\s\S]*?(?=\/\/ Usage\n)/),
    javascriptUsage: cut(/\/\/ Usage\n[\s\S]*?\.jpg'\);/),
    python: {
      createPin: cut(/import requests\n[\s\S]*?(?=\/\/ Pinterest API Client Example)/),
      bulkCreatePins: cut(/def bulk_create_pins\([\s\S]*?\nreturn results/),
    },
    consentUrl: cut(/https:\/\/www\.pinterest\.com\/oauth\/[^`]*(?=`)/),
    encode: cut(/echo -n "[^"]*" \| base64/),
    // Words of a shell, with blanks or a backslash at the line end between them.
    curls: text.match(/curl(?:(?: |\\\n)+(?:"[^"]*"|'[^']*'|[^\s"'\\]+))+/g) ?? [],
  }
}

/**
 * Restores the white space that Python needs. Each line is indented by the colons before it; `except` goes to its
 * `try`, and a `return` that ends the text to its function.
 */
export function indent(python: string): string {
  const lines = python.split('\n')
  const tries: number[] = []
  let depth = 0
  let openBrackets = 0
  const indented = lines.map((line, index) => {
    if (openBrackets === 0) {
      if (line.startsWith('def ')) depth = 0
      if (line.startsWith('except ')) depth = tries.at(-1) ?? depth
      if (line.startsWith('return ') && index === lines.length - 1) depth = 1
      if (line === 'try:') tries.push(depth)
    }
    const closes = /^[)\]}]/.test(line) ? 1 : 0
    const result = `${'    '.repeat(depth + openBrackets - closes)}${line}`
    openBrackets += line.replaceAll(/[^([{]/g, '').length - line.replaceAll(/[^)\]}]/g, '').length
    if (openBrackets === 0 && line.endsWith(':')) depth++
    return result
  })
  return indented.join('\n')
}
