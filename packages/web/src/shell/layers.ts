/** Returns whether something is open above the page, or above the Pin over it: a dialog or a menu. */
export const isCovered = (): boolean => document.querySelector('dialog[open]:not(.over-wall), :popover-open') !== null
