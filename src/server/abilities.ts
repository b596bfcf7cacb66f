import { ResourceOperationKind, type ClientCapabilities } from "vscode-languageserver/node";
import type { ActionAbilities } from "./actions.ts";
import type { InitializationOptions } from "./protocol.ts";
import { isObject } from "./settings.ts";

/** What of the client's capabilities the server acts upon. */
export interface Abilities {
  /** Push when the client can take it, else pull: never both. */
  readonly diagnostics: "push" | "pull";
  readonly refreshDiagnostics: boolean;
  readonly related: boolean;
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly folders: boolean;
  readonly watchers: boolean;
  readonly relativePatterns: boolean;
  readonly literals: boolean;
  readonly refreshLenses: boolean;
  readonly actions: ActionAbilities;
}

export function abilitiesOf({ textDocument, workspace }: ClientCapabilities, options: InitializationOptions): Abilities {
  const codeAction = textDocument?.codeAction;
  const edit = workspace?.workspaceEdit;
  const pushes = textDocument?.publishDiagnostics !== undefined;
  const related = textDocument?.publishDiagnostics?.relatedInformation ?? textDocument?.diagnostic?.relatedInformation;
  return {
    diagnostics: !pushes && textDocument?.diagnostic !== undefined ? "pull" : "push",
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport ?? false,
    related: related ?? false,
    configuration: workspace?.configuration ?? false,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    folders: workspace?.workspaceFolders ?? false,
    watchers: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    relativePatterns: workspace?.didChangeWatchedFiles?.relativePatternSupport ?? false,
    refreshLenses: workspace?.codeLens?.refreshSupport ?? false,
    literals: codeAction?.codeActionLiteralSupport !== undefined,
    actions: {
      resolveEdit: (codeAction?.dataSupport ?? false) && (codeAction?.resolveSupport?.properties.includes("edit") ?? false),
      disabled: codeAction?.disabledSupport ?? false,
      preferred: codeAction?.isPreferredSupport ?? false,
      documentChanges: edit?.documentChanges ?? false,
      createFile: edit?.resourceOperations?.includes(ResourceOperationKind.Create) ?? false,
      snippets: (edit?.documentChanges ?? false) && (edit?.snippetEditSupport ?? false),
      suppressCommand: options.suppressCommand,
    },
  };
}

/** Reads `initializationOptions`, which any editor's user may have written. */
export function readInitializationOptions(value: unknown): InitializationOptions {
  if (!isObject(value)) return {};
  return {
    ...(typeof value.trusted === "boolean" ? { trusted: value.trusted } : {}),
    ...(typeof value.debounce === "number" ? { debounce: value.debounce } : {}),
    ...(value.documentation === "virtual" || value.documentation === "file" ? { documentation: value.documentation } : {}),
    ...(typeof value.suppressCommand === "string" ? { suppressCommand: value.suppressCommand } : {}),
    ...(typeof value.environment === "string" ? { environment: value.environment } : {}),
    ...(typeof value.costCommand === "string" ? { costCommand: value.costCommand } : {}),
    ...(typeof value.connected === "boolean" ? { connected: value.connected } : {}),
  };
}
