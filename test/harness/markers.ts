/*
 * Expectations inside fixtures, in ordinary Terraform comments:
 *
 *   acl = "public-read"
 *   #     ^^^^^^^^^^^^^ fail aws-s3-bucket-acl-public-read
 *
 * The carets stand under the range of the line above (comments between are skipped); a range over several lines is marked on its
 * first line, to that line's end. Where no caret can stand, because the range begins where the comment has to, `fail <id>` alone
 * means the header of the block that the line above opens. In JSON a member `"//"` is the comment. Every marker must be met and
 * every finding must be marked. In a layout those items take part that its plumbline.yaml includes: new items change nothing there,
 * and markers of items that it does not include are passed over.
 */

export interface Marker {
  readonly file: string;
  /** Zero-based. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly check: string;
}

const pattern = /^(\s*(?:#|"\/\/": ")\s*)(\^+ )?fail ([a-z0-9-]+)(?:",?)?$/;

export function readMarkers(file: string, text: string): Marker[] {
  const markers: Marker[] = [];
  let target = -1;
  let header = { start: 0, end: 0 };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const match = pattern.exec(line);
    if (match === null) {
      target = index;
      header = { start: line.length - line.trimStart().length, end: line.replace(/(?<=\S)\s*\{$/, "").length };
      continue;
    }
    const [, before = "", carets, check = ""] = match;
    const range = carets === undefined ? header : { start: before.length, end: before.length + carets.length - 1 };
    markers.push({ file, line: target, ...range, check });
  }
  return markers;
}

/** A finding as a marker would say it. */
export function markerOf(
  file: string,
  text: string,
  range: { readonly start: number; readonly end: number },
  check: string,
): Marker {
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const nextLine = text.indexOf("\n", range.start);
  const lineEnd = nextLine < 0 ? text.length : nextLine;
  const line = text.slice(0, lineStart).split("\n").length - 1;
  return { file, line, start: range.start - lineStart, end: Math.min(range.end, lineEnd) - lineStart, check };
}

/** One line a marker, sorted, for comparing sets. */
export function printMarkers(markers: readonly Marker[]): string[] {
  return markers.map(({ file, line, start, end, check }) => `${file}:${line + 1}:${start + 1}-${end + 1} ${check}`).sort();
}
