import type { Html } from './html.ts';

/** The one style of the report: nothing is fetched, it reads on screen and on paper. */
export const STYLE: Html = {
  html: `
:root { color-scheme: light; --ink: #1c2430; --soft: #5b6573; --line: #d9dee5; --band: #f5f7f9; --accent: #1f4e79; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 840px; margin: 0 auto; padding: 40px 32px 64px; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 18px; margin-bottom: 26px; }
.kind { text-transform: uppercase; letter-spacing: .08em; font-size: 12px; color: var(--accent); font-weight: 600; margin: 0 0 4px; }
h1.person { font: 600 18px/1.4 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; } h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 38px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
p { margin: 8px 0; } .soft { color: var(--soft); } code, .id { font: 12.5px/1.45 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 18px 0 6px; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: 12px 14px; background: var(--band); }
.tiles b { display: block; font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums; } .tiles span { color: var(--soft); font-size: 13px; }
figure { margin: 12px 0 6px; } figcaption { color: var(--soft); font-size: 13px; }
.chart { width: 100%; height: auto; display: block; font: 11px system-ui, Arial, sans-serif; }
.grid { stroke: #e3e7ec; } .tick { text-anchor: end; fill: #5b6573; } .label, .value { text-anchor: middle; fill: #5b6573; } .value { fill: #1c2430; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 8px 0; list-style: none; font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; margin-right: 6px; border-radius: 2px; }
table { width: 100%; border-collapse: collapse; margin: 10px 0; font-size: 13.5px; } caption { text-align: left; color: var(--soft); padding: 0 0 4px; }
thead th { text-align: left; vertical-align: bottom; font-weight: 600; border-bottom: 2px solid var(--line); } tbody th { text-align: left; font-weight: 500; border-bottom: 1px solid var(--line); white-space: nowrap; } td, th { padding: 5px 10px 5px 0; vertical-align: top; } td { border-bottom: 1px solid var(--line); }
.wide thead th { font-size: 11px; line-height: 1.3; text-transform: lowercase; } thead .n { white-space: normal; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .when { white-space: nowrap; font-variant-numeric: tabular-nums; }
.state { display: inline-block; white-space: nowrap; min-width: 84px; text-align: center; padding: 1px 8px; border-radius: 10px; font-size: 12px; font-weight: 600; border: 1px solid; }
.SHOWN { color: #1d6042; background: #e6f3ec; border-color: #9fcdb5; } .NOT_SHOWN { color: #5b6573; background: #f1f3f5; border-color: #cfd5dc; } .CONTRADICTED { color: #8f2d18; background: #fbe9e4; border-color: #e3a999; }
footer { margin-top: 44px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
@media (max-width: 640px) { .tiles { grid-template-columns: repeat(2, 1fr); } main { padding: 24px 16px; } }
@page { margin: 16mm 14mm; }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, .tiles, tr { break-inside: avoid; } thead { display: table-header-group; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`,
};
