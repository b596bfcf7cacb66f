import assert from "node:assert/strict";
import { scanCsv, scanHtml, type ReportedResult, type ReportedScan } from "../../../src/core/reports/scan-report.ts";

/* Reports of scans: nothing is lost, nothing looks passed that was not, and nothing in an account's names can do harm. */

const result = (more: Partial<ReportedResult>): ReportedResult => ({
  item: "aws-iam-user-mfa",
  title: "Users have MFA",
  service: "iam",
  risk: "high",
  category: "identity",
  dimensions: ["ciem"],
  type: "aws_iam_user",
  region: undefined,
  id: "alice",
  name: "alice",
  status: "fail",
  reason: undefined,
  message: "alice has no MFA.",
  evidence: [{ path: "mfa_devices", value: "[]" }],
  change: "new",
  ...more,
});

const counts = { pass: 1, fail: 2, notApplicable: 1, suppressed: 0, notChecked: 1, vanished: 0 };
const scan: ReportedScan = {
  cloud: "aws",
  scan: { account: "aws:1", startedAt: "2026-11-26T10:00:00.000Z", state: "done", counts, charged: 3, fee: "USD 0.06" },
  results: [
    result({}),
    result({ id: "=cmd()", name: '=HYPERLINK("x")', message: '<script>alert(1)</script>, and\n"more"' }),
    result({ status: "pass", id: "bob", name: "bob", message: "" }),
    result({ status: "notApplicable", id: "carol", name: "carol", message: "" }),
    result({
      status: "notChecked",
      id: "dave",
      name: "dave",
      message: "",
      reason: { kind: "denied", detail: "iam:ListMFADevices" },
    }),
  ],
  unlisted: [{ item: "aws-kms-key-rotation", region: "eu-west-1", reason: { kind: "denied", detail: "kms:ListKeys" } }],
  items: {
    "aws-iam-user-mfa": {
      why: "A password is not enough.",
      advice: "Add a device.",
      references: ["https://docs.aws.amazon.com/IAM/", "javascript:alert(1)"],
      benchmarks: ["cis-aws-5.0/1.9", "cis-aws-3.0/1.10"],
    },
  },
  history: [
    { startedAt: "2026-11-26T10:00:00.000Z", state: "done", passRate: 33, counts: { pass: 1, fail: 2 } },
    { startedAt: "2026-11-25T10:00:00.000Z", state: "cancelled", passRate: 100, counts: { pass: 1, fail: 0 } },
    { startedAt: "2026-11-24T10:00:00.000Z", state: "done", passRate: 50, counts: { pass: 1, fail: 1 } },
  ],
};
const options = { version: "1.2.3", language: "en", all: false } as const;

describe("the HTML report of a scan", () => {
  const html = scanHtml([scan], options);

  it("says what failed, what was not checked and why, and what it cost", () => {
    assert.match(html, /<h1>2 findings<\/h1>/);
    assert.match(
      html,
      /aws:1, scanned 2026-11-26 10:00: 2 failed, 1 passed, 1 not applicable, 0 suppressed, 1 not checked\. 3 scan times charged, USD 0\.06\./,
    );
    assert.match(html, /<caption>Not checked, and why<\/caption><tr><th scope="row" title="denied: iam:ListMFADevices">/);
    assert.match(
      html,
      /aws-kms-key-rotation \(eu-west-1\): could not be listed: nobody knows whether there is any: denied: kms:ListKeys/,
    );
    for (const caption of ["By service", "By dimension", "By category", "By benchmark", "Principals with most findings"])
      assert.match(html, new RegExp(`<caption>${caption}</caption>`));
    assert.match(html, /title="cis-aws-5\.0"/);
    assert.match(html, /<td>not checked<\/td>/);
    assert.doesNotMatch(html, /<td>pass<\/td>/);
    assert.match(scanHtml([scan], { ...options, all: true }), /<td>pass<\/td>/);
  });

  it("draws the trend of finished scans, oldest first", () => {
    assert.match(
      html,
      /<ol class="numbers"><li>2026-11-24 10:00: 50% pass \(1 passed, 1 failed\)<\/li><li>2026-11-26 10:00: 33% pass/,
    );
    assert.match(html, /<polyline points="0\.0,60\.0 640\.0,80\.4"\/>/);
  });

  it("runs nothing that an account's names hold, and loads nothing", () => {
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(html, /<script>alert|href="javascript|src="http|style="/);
    assert.match(html, /default-src 'none'; style-src 'sha256-[\w+/]+={0,2}'; script-src 'sha256-[\w+/]+={0,2}'/);
  });

  it("compares accounts where there are several, and says when a scan did not end", () => {
    const other = { ...scan, scan: { ...scan.scan, account: "aws:2", state: "failed" } };
    const both = scanHtml([scan, other], options);
    assert.match(both, /<h1>4 findings<\/h1>/);
    assert.match(both, /<caption>By account<\/caption><tr><th scope="row" title="aws:1">/);
    assert.match(both, /The scan did not come to its end/);
    assert.match(scanHtml([scan], { ...options, language: "zh-cn" }), /<html lang="zh-CN">[^]*通过率趋势/);
    assert.match(scanHtml([scan], { ...options, language: "zh-cn" }), /：\d+ 项未通过[^<]*项未检查。计费[^<]*。</);
  });
});

describe("the CSV report of a scan", () => {
  it("has a line for each pair that is not in order, and for what could not be listed", () => {
    const lines = scanCsv([scan], false).split("\r\n");
    assert.equal(lines.length, 6);
    assert.match(
      lines[1] ?? "",
      /^aws:1,2026-11-26T10:00:00\.000Z,fail,high,aws-iam-user-mfa,Users have MFA,aws,iam,identity,ciem,cis-aws-5\.0\/1\.9 cis-aws-3\.0\/1\.10,aws_iam_user,,alice,alice,alice has no MFA\.,mfa_devices: \[\],,new$/,
    );
    assert.match(scanCsv([scan], true), /,pass,/);
    assert.match(lines.at(-2) ?? "", /notListed.*denied: kms:ListKeys/);
  });

  it("is text for every spreadsheet: quoted, and no formula", () => {
    const csv = scanCsv([scan], false);
    assert.match(csv, /,'=cmd\(\),"'=HYPERLINK\(""x""\)","<script>alert\(1\)<\/script>, and\n""more""",/);
  });
});
