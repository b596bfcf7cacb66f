/**
 * What the extension contributes to VS Code: `scripts/generate-manifest.ts` merges this into package.json.
 * Titles are keys of package.nls.json. Imports nothing, so that the script needs no `vscode`.
 */

export const COMMANDS = {
  checkWorkspace: "plumbline.checkWorkspace",
  fixAll: "plumbline.fixAll",
  showLog: "plumbline.showLog",
  restartServer: "plumbline.restartServer",
  openDocumentation: "plumbline.openDocumentation",
  showCoverage: "plumbline.showCoverage",
  selectEnvironment: "plumbline.selectEnvironment",
  suppress: "plumbline.suppress",
  openFinding: "plumbline.openFinding",
  openSample: "plumbline.openSample",
  groupByRisk: "plumbline.groupByRisk",
  groupByDimension: "plumbline.groupByDimension",
  groupByService: "plumbline.groupByService",
  connectAccount: "plumbline.connectAccount",
  disconnectAccount: "plumbline.disconnectAccount",
  scanAccount: "plumbline.scanAccount",
  previewCost: "plumbline.previewCost",
  openPlan: "plumbline.openPlan",
  showReport: "plumbline.showReport",
  saveReport: "plumbline.saveReport",
  showAccountReport: "plumbline.showAccountReport",
  saveAccountReport: "plumbline.saveAccountReport",
  refreshInventory: "plumbline.refreshInventory",
  showReadPolicy: "plumbline.showReadPolicy",
  openResult: "plumbline.openResult",
  openBlock: "plumbline.openBlock",
  showAsTerraform: "plumbline.showAsTerraform",
  copyLiveDocument: "plumbline.copyLiveDocument",
  compareAccount: "plumbline.compareAccount",
  pullStates: "plumbline.pullStates",
  takeLiveValue: "plumbline.takeLiveValue",
  applyFileValue: "plumbline.applyFileValue",
  fixResult: "plumbline.fixResult",
  fixWithoutRisk: "plumbline.fixWithoutRisk",
  allowFixes: "plumbline.allowFixes",
  forbidFixes: "plumbline.forbidFixes",
  showFixPolicy: "plumbline.showFixPolicy",
  openRemedy: "plumbline.openRemedy",
  undoRemedy: "plumbline.undoRemedy",
  finishRemedy: "plumbline.finishRemedy",
} as const;

export const FINDINGS_VIEW = "plumbline.findings";
export const ACCOUNTS_VIEW = "plumbline.accounts";

/** Context keys of `when` clauses. */
export const CONTEXT = {
  groupBy: "plumbline.groupBy",
  state: "plumbline.state",
} as const;

type CommandName = keyof typeof COMMANDS;

interface CommandText {
  readonly icon?: string;
  readonly enablement?: string;
  /** Not in the command palette: it needs something that was clicked on. */
  readonly internal?: boolean;
}

const commandTexts: Readonly<Record<CommandName, CommandText>> = {
  checkWorkspace: { icon: "$(refresh)" },
  fixAll: { icon: "$(sparkle)" },
  showLog: { icon: "$(output)" },
  restartServer: { icon: "$(debug-restart)" },
  openDocumentation: { icon: "$(book)" },
  showCoverage: { icon: "$(pie-chart)" },
  selectEnvironment: { icon: "$(layers)" },
  suppress: { icon: "$(circle-slash)", internal: true },
  openFinding: { icon: "$(go-to-file)", internal: true },
  openSample: { icon: "$(beaker)" },
  groupByRisk: { icon: "$(flame)" },
  groupByDimension: { icon: "$(symbol-class)" },
  groupByService: { icon: "$(server)" },
  connectAccount: { icon: "$(add)" },
  disconnectAccount: { icon: "$(debug-disconnect)" },
  scanAccount: { icon: "$(play)" },
  previewCost: { icon: "$(graph)" },
  openPlan: { icon: "$(dashboard)" },
  showReport: { icon: "$(graph)" },
  saveReport: { icon: "$(save-as)" },
  showAccountReport: { icon: "$(graph)" },
  saveAccountReport: { icon: "$(save-as)" },
  refreshInventory: { icon: "$(refresh)" },
  showReadPolicy: { icon: "$(law)" },
  openResult: { icon: "$(go-to-file)", internal: true },
  openBlock: { icon: "$(file-code)", internal: true },
  showAsTerraform: { icon: "$(code)", internal: true },
  copyLiveDocument: { icon: "$(copy)", internal: true },
  compareAccount: { icon: "$(diff)" },
  pullStates: { icon: "$(cloud-download)", enablement: "isWorkspaceTrusted" },
  takeLiveValue: { internal: true },
  applyFileValue: { internal: true, enablement: "isWorkspaceTrusted" },
  fixResult: { icon: "$(wrench)", internal: true, enablement: "isWorkspaceTrusted" },
  fixWithoutRisk: { icon: "$(sparkle)", enablement: "isWorkspaceTrusted" },
  allowFixes: { icon: "$(unlock)", enablement: "isWorkspaceTrusted" },
  forbidFixes: { icon: "$(lock)" },
  showFixPolicy: { icon: "$(law)" },
  openRemedy: { icon: "$(go-to-file)", internal: true },
  undoRemedy: { icon: "$(discard)", internal: true, enablement: "isWorkspaceTrusted" },
  finishRemedy: { icon: "$(debug-continue)", internal: true, enablement: "isWorkspaceTrusted" },
};

const severityChoice = (order: number, risk: string, byDefault: string) => ({
  type: "string",
  enum: ["error", "warning", "information", "hint"],
  default: byDefault,
  order,
  markdownDescription: `%setting.severity.${risk}%`,
});

/** The choices of a view that are not the current one. */
const groupings = (view: string) =>
  ([COMMANDS.groupByRisk, COMMANDS.groupByDimension, COMMANDS.groupByService] as const).map((command, at) => ({
    command,
    when: `view == ${view} && ${CONTEXT.groupBy} != ${["risk", "dimension", "service"][at]}`,
    group: `2_group@${at + 1}`,
  }));

const commandNames = Object.keys(COMMANDS) as CommandName[];

export const MANIFEST = {
  main: "./dist/extension.cjs",
  l10n: "./l10n",
  icon: "media/icon.png",
  categories: ["Linters", "Programming Languages", "Other"],
  keywords: ["terraform", "opentofu", "security", "cspm", "aws", "alibaba cloud", "tencent cloud"],
  extensionKind: ["workspace"],
  activationEvents: [
    "workspaceContains:**/*.tf",
    "workspaceContains:**/*.tofu",
    "workspaceContains:**/*.tf.json",
    "onLanguage:terraform",
  ],
  capabilities: {
    untrustedWorkspaces: {
      supported: "limited",
      description: "%restricted%",
      restrictedConfigurations: ["plumbline.variableFiles"],
    },
    virtualWorkspaces: { supported: false, description: "%virtual%" },
  },
  contributes: {
    commands: commandNames.map((name) => {
      const { icon, enablement } = commandTexts[name];
      return {
        command: COMMANDS[name],
        title: `%command.${name}%`,
        category: "Plumbline",
        ...(icon === undefined ? {} : { icon }),
        ...(enablement === undefined ? {} : { enablement }),
      };
    }),
    menus: {
      commandPalette: commandNames
        .filter((name) => commandTexts[name].internal === true)
        .map((name) => ({ command: COMMANDS[name], when: "false" })),
      "view/title": [
        { command: COMMANDS.checkWorkspace, when: `view == ${FINDINGS_VIEW}`, group: "navigation@1" },
        { command: COMMANDS.showCoverage, when: `view == ${FINDINGS_VIEW}`, group: "navigation@2" },
        { command: COMMANDS.fixAll, when: `view == ${FINDINGS_VIEW}`, group: "1_act@1" },
        { command: COMMANDS.showReport, when: `view == ${FINDINGS_VIEW}`, group: "1_act@2" },
        { command: COMMANDS.saveReport, when: `view == ${FINDINGS_VIEW}`, group: "1_act@3" },
        ...groupings(FINDINGS_VIEW),
        { command: COMMANDS.showLog, when: `view == ${FINDINGS_VIEW}`, group: "3_log@1" },
        { command: COMMANDS.connectAccount, when: `view == ${ACCOUNTS_VIEW}`, group: "navigation@1" },
        ...groupings(ACCOUNTS_VIEW),
        { command: COMMANDS.showLog, when: `view == ${ACCOUNTS_VIEW}`, group: "3_log@1" },
      ],
      "editor/title": [{ command: COMMANDS.copyLiveDocument, when: "resourceScheme == plumbline-live", group: "navigation@1" }],
      "view/item/context": [
        { command: COMMANDS.openDocumentation, when: `view == ${FINDINGS_VIEW} && viewItem == finding`, group: "inline@1" },
        { command: COMMANDS.openFinding, when: `view == ${FINDINGS_VIEW} && viewItem == finding`, group: "1_open@1" },
        { command: COMMANDS.openDocumentation, when: `view == ${FINDINGS_VIEW} && viewItem == finding`, group: "1_open@2" },
        { command: COMMANDS.suppress, when: `view == ${FINDINGS_VIEW} && viewItem == finding`, group: "2_act@1" },
        { command: COMMANDS.scanAccount, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "inline@1" },
        { command: COMMANDS.scanAccount, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@1" },
        { command: COMMANDS.previewCost, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@2" },
        { command: COMMANDS.openPlan, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@3" },
        { command: COMMANDS.showReadPolicy, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@4" },
        { command: COMMANDS.compareAccount, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@5" },
        { command: COMMANDS.showAccountReport, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@6" },
        { command: COMMANDS.saveAccountReport, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "1_scan@7" },
        { command: COMMANDS.openBlock, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^result/`, group: "1_open@2" },
        {
          command: COMMANDS.showAsTerraform,
          when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^(?:result|instance)/`,
          group: "1_open@3",
        },
        { command: COMMANDS.showAsTerraform, when: `view == ${ACCOUNTS_VIEW} && viewItem == instance`, group: "inline@1" },
        { command: COMMANDS.fixWithoutRisk, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "2_fix@1" },
        { command: COMMANDS.showFixPolicy, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "2_fix@2" },
        { command: COMMANDS.allowFixes, when: `view == ${ACCOUNTS_VIEW} && viewItem == 'account readonly'`, group: "2_fix@3" },
        { command: COMMANDS.forbidFixes, when: `view == ${ACCOUNTS_VIEW} && viewItem == 'account fixing'`, group: "2_fix@3" },
        { command: COMMANDS.fixResult, when: `view == ${ACCOUNTS_VIEW} && viewItem == 'result fixable'`, group: "inline@1" },
        { command: COMMANDS.openResult, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^result/`, group: "1_open@1" },
        { command: COMMANDS.fixResult, when: `view == ${ACCOUNTS_VIEW} && viewItem == 'result fixable'`, group: "2_fix@1" },
        {
          command: COMMANDS.undoRemedy,
          when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^remedy (?:applied|open)/`,
          group: "inline@1",
        },
        {
          command: COMMANDS.undoRemedy,
          when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^remedy (?:applied|open)/`,
          group: "1_fix@1",
        },
        { command: COMMANDS.finishRemedy, when: `view == ${ACCOUNTS_VIEW} && viewItem == 'remedy open'`, group: "1_fix@2" },
        { command: COMMANDS.disconnectAccount, when: `view == ${ACCOUNTS_VIEW} && viewItem =~ /^account/`, group: "3_end@1" },
        { command: COMMANDS.refreshInventory, when: `view == ${ACCOUNTS_VIEW} && viewItem == assets`, group: "inline@1" },
      ],
    },
    viewsContainers: {
      activitybar: [{ id: "plumbline", title: "Plumbline", icon: "media/plumbline.svg" }],
    },
    views: {
      plumbline: [
        { id: FINDINGS_VIEW, name: "%view.findings%", contextualTitle: "Plumbline" },
        // Collapsed: the process for live accounts starts when somebody looks.
        { id: ACCOUNTS_VIEW, name: "%view.accounts%", contextualTitle: "Plumbline", visibility: "collapsed" },
      ],
    },
    viewsWelcome: [
      { view: FINDINGS_VIEW, contents: "%welcome.noFolder%", when: "workspaceFolderCount == 0" },
      { view: FINDINGS_VIEW, contents: "%welcome.starting%", when: `workspaceFolderCount != 0 && !${CONTEXT.state}` },
      { view: FINDINGS_VIEW, contents: "%welcome.checking%", when: `workspaceFolderCount != 0 && ${CONTEXT.state} == checking` },
      { view: FINDINGS_VIEW, contents: "%welcome.clean%", when: `workspaceFolderCount != 0 && ${CONTEXT.state} == ready` },
      { view: FINDINGS_VIEW, contents: "%welcome.failed%", when: `${CONTEXT.state} == failed` },
      { view: FINDINGS_VIEW, contents: "%welcome.off%", when: `${CONTEXT.state} == off` },
      { view: ACCOUNTS_VIEW, contents: "%welcome.accounts%" },
    ],
    configuration: [
      {
        title: "General",
        order: 1,
        properties: {
          "plumbline.enable": { type: "boolean", default: true, scope: "window", order: 1, description: "%setting.enable%" },
          "plumbline.debounce": {
            type: "integer",
            default: 200,
            minimum: 0,
            maximum: 10_000,
            scope: "window",
            order: 2,
            description: "%setting.debounce%",
          },
          "plumbline.trace.server": {
            type: "string",
            enum: ["off", "messages", "verbose"],
            default: "off",
            scope: "window",
            order: 3,
            description: "%setting.trace%",
          },
        },
      },
      {
        title: "Checks",
        order: 2,
        properties: {
          "plumbline.minimumRisk": {
            type: "string",
            enum: ["low", "medium", "high"],
            default: "low",
            scope: "window",
            order: 1,
            description: "%setting.minimumRisk%",
          },
          "plumbline.severity.high": { ...severityChoice(2, "high", "error"), scope: "window" },
          "plumbline.severity.medium": { ...severityChoice(3, "medium", "warning"), scope: "window" },
          "plumbline.severity.low": { ...severityChoice(4, "low", "information"), scope: "window" },
          "plumbline.variableFiles": {
            type: "array",
            items: { type: "string" },
            default: [],
            scope: "resource",
            order: 5,
            markdownDescription: "%setting.variableFiles%",
          },
        },
      },
      {
        title: "Accounts",
        order: 3,
        properties: {
          "plumbline.live.database": {
            type: "string",
            default: "",
            scope: "machine",
            order: 1,
            markdownDescription: "%setting.database%",
          },
          "plumbline.costs": {
            type: "string",
            enum: ["auto", "on", "off"],
            enumDescriptions: ["%setting.costs.auto%", "%setting.costs.on%", "%setting.costs.off%"],
            default: "auto",
            scope: "window",
            order: 2,
            markdownDescription: "%setting.costs%",
          },
        },
      },
    ],
    configurationDefaults: {
      "workbench.editorAssociations": {
        "plumbline-docs:/**/*.md": "vscode.markdown.preview.editor",
        "plumbline-account:/**/*.md": "vscode.markdown.preview.editor",
      },
    },
    languages: [
      {
        id: "terraform",
        aliases: ["Terraform", "terraform"],
        extensions: [".tf", ".tofu"],
        configuration: "./syntaxes/terraform.language-configuration.json",
      },
      {
        id: "terraform-vars",
        aliases: ["Terraform variables", "terraform-vars"],
        extensions: [".tfvars"],
        configuration: "./syntaxes/terraform.language-configuration.json",
      },
    ],
    grammars: [
      {
        path: "./syntaxes/plumbline-comment.tmLanguage.json",
        scopeName: "plumbline.comment.injection",
        injectTo: ["source.hcl.terraform", "source.hcl", "source.terraform"],
      },
    ],
    yamlValidation: [{ fileMatch: "plumbline.yaml", url: "./dist/schema/plumbline.schema.json" }],
    walkthroughs: [
      {
        id: "start",
        title: "%walkthrough.title%",
        description: "%walkthrough.description%",
        steps: [
          step("sample", [`onCommand:${COMMANDS.openSample}`]),
          step("finding", [`onView:${FINDINGS_VIEW}`]),
          step("fix", [`onCommand:${COMMANDS.fixAll}`]),
          step("suppress", [`onCommand:${COMMANDS.suppress}`]),
          step("coverage", [`onCommand:${COMMANDS.showCoverage}`]),
          step("account", [`onCommand:${COMMANDS.connectAccount}`]),
          step("cost", [`onCommand:${COMMANDS.scanAccount}`]),
          step("remedy", [`onCommand:${COMMANDS.fixResult}`]),
        ],
      },
    ],
  },
};

function step(id: string, completionEvents: readonly string[]) {
  return {
    id,
    title: `%walkthrough.${id}.title%`,
    description: `%walkthrough.${id}.description%`,
    media: { markdown: `media/walkthrough/${id}.md` },
    completionEvents,
  };
}
