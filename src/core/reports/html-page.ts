/** Style and behaviour of the HTML report: no fonts, pictures or scripts from elsewhere. */

export const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3b4048); --soft: light-dark(#f4f6f9, #22262c); --high: light-dark(#b3261e, #ff8a80); --medium: light-dark(#8a5300, #ffb74d); --low: light-dark(#1d5fa8, #82b1ff); }
/* In the editor its theme decides. */
body.vscode-light { color-scheme: light; } body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: light-dark(#fff, #16191d); color: light-dark(#1b1f24, #e3e6ea); }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
code, pre { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 2rem; }
.coverage, footer, small { color: light-dark(#565d66, #a5acb5); }
.risk { display: inline-block; min-width: 4.2rem; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 1rem; text-align: center; font-size: .85rem; }
.high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1.25rem 2rem; margin: 1rem 0; }
.charts table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .9rem; align-self: start; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
.charts th { text-align: left; font-weight: normal; width: 55%; padding-right: .5rem; }
.charts .number { width: 3rem; text-align: right; }
.charts th { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { display: block; width: 100%; height: .7rem; } .bar rect { fill: var(--low); }
.trend { width: 100%; max-width: 42rem; height: auto; } .trend line { stroke: var(--line); } .trend polyline { fill: none; stroke: var(--low); stroke-width: 2; } .trend circle { fill: var(--low); }
figure { margin: .5rem 0 1rem; } figcaption { font-weight: 600; } .numbers { columns: 18rem; font-size: .85rem; color: light-dark(#565d66, #a5acb5); }
.filters { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .6rem 0; background: inherit; border-bottom: 1px solid var(--line); }
.filters input[type=search], .filters select { font: inherit; padding: .2rem .4rem; }
.filters output { margin-left: auto; }
.finding { border-bottom: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; }
summary code { color: light-dark(#565d66, #a5acb5); }
pre { background: var(--soft); border: 1px solid var(--line); padding: .5rem .75rem; overflow-x: auto; overflow-wrap: normal; }
.line { color: light-dark(#565d66, #a5acb5); user-select: none; padding-right: .75rem; }
mark { background: light-dark(#ffe2df, #5c2320); color: inherit; border-bottom: 2px solid var(--high); }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .35rem 1rem; margin: .75rem 0; }
dt { font-weight: 600; } dd { margin: 0; } ul { margin: 0; padding-left: 1.1rem; }
table.rows { border-collapse: collapse; width: 100%; font-size: .9rem; }
table.rows th, table.rows td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } }
@media print { .filters { display: none; } details.finding > * { display: block; } body { max-width: none; } }
`;

export const script = `
const text = document.getElementById("text"), service = document.getElementById("service");
const findings = [...document.querySelectorAll(".finding")];
function filter() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const risks = new Set([...document.querySelectorAll("input[name=risk]:checked")].map((box) => box.value));
  let shown = 0;
  for (const finding of findings) {
    const { risk, service: of, text: words_ } = finding.dataset;
    const matches = risks.has(risk) && (service.value === "" || service.value === of) && words.every((word) => words_.includes(word));
    finding.hidden = !matches;
    if (matches) shown++;
  }
  const output = document.getElementById("shown");
  output.textContent = output.dataset.text.replace("#", shown);
  document.getElementById("none").hidden = shown > 0;
}
if (text) document.querySelector(".filters").addEventListener("input", filter);
document.querySelector(".filters")?.addEventListener("submit", (event) => event.preventDefault());
let opened = [];
addEventListener("beforeprint", () => { opened = findings.filter((finding) => !finding.open); for (const finding of opened) finding.open = true; });
addEventListener("afterprint", () => { for (const finding of opened) finding.open = false; });
`;
