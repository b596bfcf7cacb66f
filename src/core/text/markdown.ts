/**
 * A user's text as Markdown that shows exactly that text. Titles and messages come from check items that may belong to an untrusted
 * workspace, so nothing in them may become a link, an image, a command or HTML.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, " ")
    .replaceAll(/[\\`*_{}[\]()#|~$!]/g, "\\$&")
    .replaceAll(/[<>&@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/:(?=\/\/|[^\s])/g, "&#58;")
    .replaceAll(/\bwww(?=\.)/gi, "$&&#8203;")
    .replace(/^\s*(?:[-+=]|\d+(?=[.)]))/, "&#8203;$&");
}

/** Prose that keeps `code` in back quotes, as check items write it; all else is escaped. */
export function proseMarkdown(text: string): string {
  return text
    .split(/(`[^`\r\n]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? part : escapeMarkdown(part)))
    .join("");
}

/** The same in a cell of a table, where a bar ends the cell even in code. */
export function cellMarkdown(text: string): string {
  return proseMarkdown(text).replaceAll(/(?<!\\)\|/g, "\\|");
}

/** A link when the address is a plain https address, else its text. */
export function linkMarkdown(address: string): string {
  return /^https:\/\/[^\s<>()[\]\\`"]+$/.test(address)
    ? `[${escapeMarkdown(address.slice(8))}](${address})`
    : escapeMarkdown(address);
}

/** A text as a block of code that nothing in it can end: its fence is longer than every row of backquotes. */
export function codeBlock(text: string, language = ""): string {
  const rows = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...rows.map((row) => row.length + 1)));
  return `${fence}${language}\n${text.replaceAll("\r", "\u240D")}\n${fence}`;
}
