import * as l10n from "@vscode/l10n";

/* What a page has of the editor around it: messages, its state, the language. */

interface Editor {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Editor;

/** The door to the extension. Made once a page: the editor gives its API a single time. */
export class Extension<FromPage, ToPage> {
  readonly #editor = acquireVsCodeApi();

  constructor(receive: (message: ToPage) => void) {
    const texts = document.body.dataset["texts"];
    if (texts !== undefined && texts !== "") l10n.config({ contents: texts });
    window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => receive(data));
  }

  send(message: FromPage): void {
    this.#editor.postMessage(message);
  }

  get state(): unknown {
    return this.#editor.getState();
  }

  set state(state: unknown) {
    this.#editor.setState(state);
  }
}

export const t = l10n.t;

/** `12,345`, as the reader's language writes it. */
export function number(value: number): string {
  return value.toLocaleString(document.documentElement.lang);
}

export function moment(iso: string): string {
  return new Date(iso).toLocaleString(document.documentElement.lang);
}
