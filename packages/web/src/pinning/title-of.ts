/** Names that cameras, screens and downloads give: they say nothing of the picture. */
const meaningless =
  /^(img|dsc|dscn|dscf|pxl|mvimg|photo|image|bild|picture|screenshot|bildschirmfoto|untitled|unnamed|download)?[\s\d.()-]*$|^[\da-f]{8}[\s\da-f]{8,}$|^(screenshot|bildschirmfoto)\s/i

/** Returns the title that a file's name suggests; empty if the name says nothing. */
export function titleOf(fileName: string): string {
  const name = fileName
    .replace(/\.[^.]{1,5}$/, '')
    .replace(/[_-]+/g, ' ')
    .trim()
  if (meaningless.test(name)) return ''
  return (name.slice(0, 1).toLocaleUpperCase() + name.slice(1)).slice(0, 100)
}
