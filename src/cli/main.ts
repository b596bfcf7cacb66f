import type { Language } from "../core/text/language.ts";
import type { BatchService } from "../core/service.ts";
import { collectLater, compileLess, saveMemory } from "../host/v8-settings.ts";
import { help, readArguments } from "./arguments.ts";

declare const PLUMBLINE_VERSION: string | undefined;

const version = typeof PLUMBLINE_VERSION === "string" ? PLUMBLINE_VERSION : "0.0.0";

saveMemory();
process.exitCode = await run(process.argv.slice(2));

/** What a command needs is loaded with it, so that asking for help is quick. The exit code; undefined: the language server runs on. */
async function run(args: readonly string[]): Promise<number | undefined> {
  const command = readArguments(args);
  if (command.kind !== "lsp" && command.kind !== "mcp") compileLess();
  const out = (text: string): void => void process.stdout.write(text);
  const error = (text: string): void => void process.stderr.write(text);
  // Whoever reads may have seen enough.
  process.stdout.on("error", (failure: NodeJS.ErrnoException) => {
    if (failure.code !== "EPIPE") throw failure;
  });
  try {
    switch (command.kind) {
      case "help":
        out(help);
        return 0;
      case "version":
        out(`${version}\n`);
        return 0;
      case "wrong":
        error(`plumbline: ${command.message}\nplumbline --help prints how to use it.\n`);
        return 2;
      case "lsp": {
        const { runStdio } = await import("../server/stdio.ts");
        runStdio();
        return undefined;
      }
      case "mcp": {
        const { runMcp } = await import("./mcp.ts");
        await runMcp(() => openService("en"), version);
        return 0;
      }
      case "checks list": {
        const { listChecks } = await import("./checks.ts");
        const service = await openService(command.language);
        out(listChecks([...service.checks().values()], command.json));
        return 0;
      }
      case "checks show": {
        const { showCheck } = await import("./checks.ts");
        const service = await openService(command.language);
        const shown = showCheck([...service.checks().values()], command.id, command.json);
        if ("text" in shown) out(shown.text);
        else error(`plumbline: ${shown.wrong}\n`);
        return "text" in shown ? 0 : 2;
      }
      case "instances":
      case "explain": {
        const { runInspect } = await import("./inspect.ts");
        return await runInspect(command, await openService("en"), version, { out, error, environment: process.env });
      }
      case "live": {
        const { runLive, terminal } = await import("./live.ts");
        const { withLiveProcess } = await import("./live-process.ts");
        const host = { out, error, ask: terminal(), version, openService: () => openService("en") };
        return await withLiveProcess(command.command.language, (connection) => runLive(command.command, connection, host));
      }
      case "console": {
        const { runConsole } = await import("./console.ts");
        return await runConsole(command, () => openService("en"), process.stdin, {
          out,
          error,
          color: false,
          environment: process.env,
        });
      }
      case "check": {
        const color = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
        const { runCheck } = await import("./check.ts");
        collectLater();
        return await runCheck(command, () => openService(command.language), version, {
          out,
          error,
          color,
          environment: process.env,
        });
      }
    }
  } catch (failure) {
    error(`plumbline: ${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}\n`);
    return 2;
  }
}

async function openService(language: Language): Promise<BatchService> {
  const { createService } = await import("../core/service.ts");
  const { readProduct } = await import("../host/product.ts");
  const { catalogue, schemas, texts } = readProduct();
  return createService({ catalogue, texts: texts(language), language, schemas, now: () => new Date().toISOString() });
}
