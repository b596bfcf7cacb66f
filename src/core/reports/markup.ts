/** Text for HTML and XML, in content and in quoted attributes. Characters that XML 1.0 forbids become a replacement character. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "\ufffd",
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Prose of check items: `code` in back quotes becomes a code element, all else is escaped. */
export function proseHtml(text: string): string {
  return text
    .trim()
    .split(/(`[^`\r\n]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? `<code>${escapeMarkup(part.slice(1, -1))}</code>` : escapeMarkup(part)))
    .join("");
}
