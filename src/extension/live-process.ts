import { spawn, type ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from "vscode-jsonrpc/node";
import * as protocol from "../live/protocol.ts";

interface Running {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
}

/**
 * The live process, started when an account is first asked for. Keys that the user keeps with the editor reach it by message only.
 * When it ends, the next request starts it again.
 */
export class LiveProcess implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #progress = new vscode.EventEmitter<protocol.Progress>();
  readonly onProgress = this.#progress.event;
  #running: Promise<Running> | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
  }

  async connection(): Promise<MessageConnection> {
    this.#running ??= this.#start();
    return (await this.#running).connection;
  }

  /** Stores keys for reading or changing an account, or forgets them. */
  async keep(account: string, keys: protocol.KeptKeys | undefined, purpose: "reading" | "fixing" = "reading"): Promise<void> {
    const name = secretName(account, purpose);
    if (keys === undefined) await this.#context.secrets.delete(name);
    else await this.#context.secrets.store(name, JSON.stringify(keys));
  }

  dispose(): void {
    this.#progress.dispose();
    void this.#running?.then(
      ({ child, connection }) => {
        connection.dispose();
        child.stdin?.end();
      },
      () => undefined,
    );
  }

  async #start(): Promise<Running> {
    const database = vscode.workspace.getConfiguration("plumbline").get<string>("live.database", "");
    const child = spawn(process.execPath, ["--no-deprecation", this.#context.asAbsolutePath("dist/live.js")], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        // VS Code's own program runs as plain Node.
        ELECTRON_RUN_AS_NODE: "1",
        PLUMBLINE_LANGUAGE: vscode.env.language.toLowerCase(),
        ...(database === "" ? {} : { PLUMBLINE_DATABASE: database }),
      },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
      this.#log.warn(text.trim());
    });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.onNotification(protocol.progress, (progress) => this.#progress.fire(progress));
    connection.onError(() => undefined);
    connection.listen();
    const ended = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        this.#running = undefined;
        reject(new Error(said.trim() === "" ? vscode.l10n.t("The process for live accounts ended.") : said.trim()));
        connection.dispose();
      });
    });
    ended.catch(() => undefined);
    const accounts = await Promise.race([connection.sendRequest(protocol.accounts), ended]);
    for (const { key } of accounts) {
      for (const purpose of ["reading", "fixing"] as const) {
        const stored = await this.#context.secrets.get(secretName(key, purpose));
        if (stored === undefined) continue;
        const keys = JSON.parse(stored) as protocol.KeptKeys;
        await connection.sendNotification(protocol.useKeys, { account: key, keys, fixing: purpose === "fixing" });
      }
    }
    return { child, connection };
  }
}

function secretName(account: string, purpose: "reading" | "fixing"): string {
  return purpose === "reading" ? `plumbline.keys ${account}` : `plumbline.keys ${account} fixing`;
}
