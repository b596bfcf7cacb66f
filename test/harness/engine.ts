import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readArguments } from "../../src/cli/arguments.ts";
import { runCheck } from "../../src/cli/check.ts";
import { checkPlace } from "../../src/core/checks/load.ts";
import type { Language } from "../../src/core/text/language.ts";
import type { Report } from "../../src/core/findings/model.ts";
import { createService, type BatchService, type Service } from "../../src/core/service.ts";
import { directoryOf } from "../../src/core/text/path.ts";
import type { FilePath } from "../../src/core/text/text.ts";
import { bundled, someDay } from "./check-world.ts";

/** A service with the bundled check items, at a fixed time. */
export async function openService(now: () => string = () => someDay, language: Language = "en"): Promise<BatchService> {
  const { sources, schemas, translations } = await bundled();
  const files = Object.fromEntries(
    [...sources].map(([path, { data }]) => {
      if (checkPlace(path) === undefined) return [path, data];
      return [path, Object.fromEntries(Object.entries(data as object).filter(([name]) => name !== "examples"))];
    }),
  );
  const texts = Object.fromEntries([...(translations.get(language) ?? [])].map(([path, { data }]) => [path, data]));
  return createService({ catalogue: { format: 1, files }, texts: { format: 1, files: texts }, language, schemas, now });
}

/** Files by path below `/w`, in a service with that folder. */
export async function serviceWith(files: Readonly<Record<string, string>>, now?: () => string): Promise<Service> {
  const service = await openService(now);
  for (const [path, text] of Object.entries(files)) service.setFile(`/w/${path}`, { kind: "text", text });
  service.setFolders(["/w"]);
  return service;
}

/** Checks until nothing is asked for that is there; what is not there is told absent. */
export async function checkAll(service: Service, files: Readonly<Record<string, string>> = {}): Promise<Report> {
  for (;;) {
    const report = await service.check();
    const requests = service.requests();
    if (requests.length === 0) return report;
    for (const { kind, path } of requests) {
      if (kind === "file") {
        const text = files[path.slice("/w/".length)];
        service.setFile(path, text === undefined ? { kind: "absent" } : { kind: "text", text });
        continue;
      }
      const names = Object.keys(files)
        .map((name) => `/w/${name}`)
        .filter((file) => directoryOf(file) === path)
        .map((file) => file.slice(path.length + 1));
      service.setDirectory(path, names.length === 0 ? { kind: "absent" } : { kind: "listing", files: names });
    }
  }
}

/** `file:line check "text under the range"` for every finding. */
export function printFindings(report: Report, service: Service): string[] {
  return report.findings.map(({ check, location: { file, range } }) => {
    const text = service.text(file) ?? "";
    const line = text.slice(0, range.start).split("\n").length;
    return `${file.replace(/^\/w\//, "")}:${line} ${check.id} ${text.slice(range.start, range.end).split("\n")[0] ?? ""}`;
  });
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** `plumbline check` in this process. */
export async function plumbline(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const command = readArguments(["check", ...args]);
  if (command.kind !== "check") throw new Error(command.kind === "wrong" ? command.message : command.kind);
  let out = "";
  let error = "";
  const code = await runCheck(command, () => openService(undefined, command.language), "1.2.3", {
    out: (text) => (out += text),
    error: (text) => (error += text),
    color: false,
    environment,
  });
  return { code, out, error };
}

/** A folder on disk with these files, deleted when `use` is done. */
export async function withFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: FilePath) => Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-")));
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return await use(folder.replaceAll("\\", "/"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
