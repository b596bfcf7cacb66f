import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** VS Code's server with the extension, and a headless browser in front of it. */
export interface Workbench {
  /** A new window on a folder; resolves when the workbench stands. */
  open(folder: string, options?: { readonly tests?: string; readonly onExit?: (code: number) => void }): Promise<Page>;
  /** By its id, as the setting has it. */
  chooseTheme(name: string): void;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  /** `server-main.js` of VS Code's server. */
  readonly server: string;
  readonly chromium: string;
  /** A folder, of the extension under development; or a package, which is installed. */
  readonly extension: string;
  /** Everything that the server and the tests write. */
  readonly directory: string;
  /** With it, folders are trusted without a question. */
  readonly trusted: boolean;
  /** Of what the server writes, within `directory`. */
  readonly name: string;
  /** Beside the variables of whoever runs it. */
  readonly environment?: Readonly<Record<string, string>>;
}

const SETTINGS = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.occurrencesHighlight": "off",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "editor.minimap.enabled": false,
  "editor.lightbulb.enabled": "on",
  "files.autoSave": "off",
  "window.confirmSaveUntitledWorkspace": false,
};

export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const port = await freePort();
  const data = join(options.directory, options.name);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(join(data, "data", "Machine"), { recursive: true });
  const write = (settings: object): void =>
    writeFileSync(join(data, "data", "Machine", "settings.json"), JSON.stringify(settings, null, 2));
  write(SETTINGS);
  const isPackage = options.extension.endsWith(".vsix");
  if (isPackage) install(options, data);
  const server = await startServer(options, port, data);
  let browser: Browser;
  try {
    browser = await chromium.launch({
      executablePath: options.chromium,
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync"],
      ],
    });
  } catch (error) {
    server.kill();
    throw error;
  }
  return {
    async open(folder, { tests, onExit } = {}) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const page = await context.newPage();
      await page.exposeFunction("codeAutomationLog", (kind: string, values: unknown[]) => {
        if (process.env.VSCODE_LOG !== undefined) console.log(kind, ...values);
      });
      await page.exposeFunction("codeAutomationExit", (code: number) => onExit?.(code));
      const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${encodeURI(path)}`;
      const payload = isPackage ? [] : [["extensionDevelopmentPath", remote(options.extension)]];
      if (tests !== undefined) payload.push(["extensionTestsPath", remote(tests)]);
      const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
      await page.goto(`http://127.0.0.1:${port}/?${query.toString()}`);
      await page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 60_000 });
      return page;
    },
    chooseTheme: (name) => write({ ...SETTINGS, "workbench.colorTheme": name }),
    async close() {
      await browser.close();
      server.kill();
    },
  };
}

function install({ server, extension }: WorkbenchOptions, data: string): void {
  const places = ["--server-data-dir", data, "--extensions-dir", join(data, "extensions")];
  const { status, stdout, stderr } = spawnSync(process.execPath, [server, ...places, "--install-extension", extension], {
    encoding: "utf8",
  });
  if (status !== 0 || !stdout.includes("was successfully installed")) throw new Error(`${stdout}\n${stderr}`);
}

async function startServer(options: WorkbenchOptions, port: number, data: string): Promise<ChildProcess> {
  const args = [
    ...[options.server, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--accept-server-license-terms", "--server-data-dir", data, "--extensions-dir", join(data, "extensions")],
    ...["--telemetry-level", "off", "--enable-smoke-test-driver"],
    ...(options.trusted ? ["--disable-workspace-trust"] : []),
  ];
  const server = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // Accounts of the tests, and none of whoever runs them.
    env: { ...process.env, PLUMBLINE_DATABASE: join(data, "live.db"), ...options.environment },
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("Extension host agent listening")) resolve();
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("error", reject);
    server.once("exit", (code) => {
      reject(new Error(`VS Code's server ended with ${code ?? "a signal"}:\n${output}`));
    });
  });
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}
