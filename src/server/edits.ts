import type {
  AnnotatedTextEdit,
  CreateFile,
  SnippetTextEdit,
  TextDocumentEdit,
  TextEdit as ProtocolTextEdit,
  WorkspaceEdit as ProtocolWorkspaceEdit,
} from "vscode-languageserver/node";
import { LineIndex, type FilePath, type TextEdit, type TextRange, type WorkspaceEdit } from "../core/text/text.ts";
import type { Ask } from "../core/fixes/model.ts";
import { uriOf } from "./uris.ts";

/** What the client can take of an edit. */
export interface EditAbilities {
  readonly documentChanges: boolean;
  readonly createFile: boolean;
  readonly snippets: boolean;
}

export interface EditTexts {
  /** undefined: there is no such file. */
  text(path: FilePath): string | undefined;
  /** The address and version of an open document. */
  document(path: FilePath): { readonly uri: string; readonly version: number } | undefined;
}

/** An edit of core in the protocol's terms: versioned, with placeholders where the client shows them, else with the defaults. */
export function protocolEdit(
  edit: WorkspaceEdit,
  asks: readonly Ask[],
  texts: EditTexts,
  abilities: EditAbilities,
): ProtocolWorkspaceEdit {
  if (!abilities.documentChanges) {
    const changes: Record<string, ProtocolTextEdit[]> = {};
    for (const [path, edits] of edit) {
      const lines = new LineIndex(texts.text(path) ?? "");
      changes[texts.document(path)?.uri ?? uriOf(path)] = edits.map((item) => plainEdit(item, lines));
    }
    return { changes };
  }
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  for (const [path, edits] of edit) {
    const text = texts.text(path);
    const document = texts.document(path);
    const uri = document?.uri ?? uriOf(path);
    if (text === undefined && abilities.createFile)
      documentChanges.push({ kind: "create", uri, options: { ignoreIfExists: true } });
    const wanted = abilities.snippets ? asks.filter((ask) => ask.file === path) : [];
    documentChanges.push({
      textDocument: { uri, version: document?.version ?? null },
      edits: fileEdits(edits, wanted, text ?? ""),
    });
  }
  return { documentChanges };
}

function plainEdit(edit: TextEdit, lines: LineIndex): ProtocolTextEdit {
  return { range: rangeOf(edit.range, lines), newText: edit.newText };
}

export function rangeOf(range: TextRange, lines: LineIndex): ProtocolTextEdit["range"] {
  return { start: lines.positionAt(range.start), end: lines.positionAt(range.end) };
}

function fileEdits(
  edits: readonly TextEdit[],
  asks: readonly Ask[],
  text: string,
): (ProtocolTextEdit | AnnotatedTextEdit | SnippetTextEdit)[] {
  const lines = new LineIndex(text);
  const result: (ProtocolTextEdit | SnippetTextEdit)[] = [];
  let shift = 0;
  let placeholder = 1;
  for (const edit of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    const start = edit.range.start + shift;
    const end = start + edit.newText.length;
    shift += edit.newText.length - (edit.range.end - edit.range.start);
    const own = asks.filter((ask) => ask.range.start >= start && ask.range.end <= end);
    const indent = own.length === 0 ? undefined : sharedIndent(text, edit);
    if (indent === undefined) {
      result.push(plainEdit(edit, lines));
      continue;
    }
    const value = snippetText(edit.newText, start, own, placeholder, indent);
    placeholder += own.length;
    result.push({ range: rangeOf(edit.range, lines), snippet: { kind: "snippet", value } });
  }
  return result;
}

/**
 * Editors indent the lines of a snippet like the line that it goes into, so that indentation has to be taken off them.
 * undefined: a line has less, and the text must go in as it is.
 */
function sharedIndent(text: string, edit: TextEdit): string | undefined {
  const lineStart = text.lastIndexOf("\n", edit.range.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, edit.range.start))?.[0] ?? "";
  const rest = edit.newText.split("\n").slice(1);
  return rest.every((line) => line.trim() === "" || line.startsWith(indent)) ? indent : undefined;
}

function snippetText(newText: string, start: number, asks: readonly Ask[], first: number, indent: string): string {
  let value = "";
  let at = 0;
  const sorted = [...asks].sort((a, b) => a.range.start - b.range.start);
  for (const [index, ask] of sorted.entries()) {
    const from = ask.range.start - start;
    const to = ask.range.end - start;
    if (from < at) continue;
    value += escapeSnippet(newText.slice(at, from));
    value += placeholderText(newText.slice(from, to), ask, first + index);
    at = to;
  }
  value += escapeSnippet(newText.slice(at));
  return indent === "" ? value : value.replaceAll(`\n${indent}`, "\n");
}

/** Choices are offered as a list when the default is one of them. */
function placeholderText(text: string, ask: Ask, number: number): string {
  const quoted = text.startsWith('"');
  const choices = ask.allowed.map((item) => (quoted ? JSON.stringify(item) : item));
  if (choices.length < 2 || !choices.includes(text)) return `\${${number}:${escapeSnippet(text)}}`;
  const ordered = [text, ...choices.filter((item) => item !== text)];
  return `\${${number}|${ordered.map((item) => item.replaceAll(/[\\$},|]/g, "\\$&")).join(",")}|}`;
}

function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, "\\$&");
}
