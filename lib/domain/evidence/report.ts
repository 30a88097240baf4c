import { REASONS } from '../decision/reasons.ts';
import type { RegistryEntry } from '../log/entry.ts';
import { decisionChart, drawDecisions, drawLatencies, OTHER } from './charts.ts';
import { type Figures, keyOf, PERMITTED } from './figures.ts';
import { type Html, html } from './html.ts';
import { LATENCY_STEPS, LEGAL_LIMIT_BUSINESS_DAYS, type Percentiles } from './latency.ts';
import { type SafeHarbourLine, safeHarbour } from './safe-harbour.ts';
import type { EvidenceScope } from './scope.ts';
import { STYLE } from './style.ts';

/** One entry as the report lists it. */
export type TimelineRow = { readonly index: number; readonly at: string; readonly text: string };

/** What a pack turned out to hold. */
export type PackContents = {
  readonly scope: EvidenceScope;
  readonly figures: Figures;
  /** The imports of the registry versions that its decisions used, as far as the log has them. */
  readonly imports: readonly RegistryEntry[];
  /** Policy hashes whose documents are in the pack. */
  readonly policiesKept: ReadonlySet<string>;
  /** A person's entries, the first ones; empty for a campaign. */
  readonly timeline: readonly TimelineRow[];
  /** Entries that say things of others too, so that only this person's part is in the pack. */
  readonly withheld: number;
  /** Entries under the signed checkpoint that the proofs lead to. */
  readonly logSize: number;
};

const STATES: Readonly<Record<SafeHarbourLine['state'], string>> = {
  SHOWN: 'shown',
  NOT_SHOWN: 'not shown',
  CONTRADICTED: 'contradicted',
};

/** The report: one file that fetches nothing and runs no script. The same contents give the same bytes. */
export function renderReport(pack: PackContents): string {
  const { scope, figures } = pack;
  const name = nameOf(scope);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Evidence: ${name}</title><style>${STYLE}</style></head>
<body><main>
<header><p class="kind">Evidence pack · ${scope.about.kind}</p><h1 class="${scope.about.kind}">${name}</h1><p class="soft">${spanOf(scope)} Times are UTC. People are named by token: a keyed pseudonym, not a number.</p></header>
${tiles(pack)}
${decisions(figures)}
${latencies(figures)}
${checklist(pack)}
${policies(pack)}
${registries(pack)}
${timeline(pack)}
<footer>Not legal advice. How to check every file of this pack: README.md beside this report. Numbers for programs: figures.json.</footer>
</main></body></html>
`;
  return page.html;
}

function nameOf({ about }: EvidenceScope): string {
  return about.kind === 'person' ? about.token : about.campaignId;
}

function spanOf({ since, until }: EvidenceScope): string {
  const from = since === 0 ? 'From the beginning of the log' : `From ${iso(since)}`;
  return `${from} ${until === undefined ? 'to its end' : `until before ${iso(until)}`}.`;
}

function tiles({ figures, withheld, logSize }: PackContents): Html {
  const entries = Object.values(figures.entries).reduce((sum, count) => sum + count, 0);
  const all: readonly (readonly [number | string, string])[] = [
    [entries, withheld === 0 ? 'entries, whole' : `entries, whole, and ${withheld} in part`],
    [figures.decisions.ALLOW, 'contacts allowed'],
    [figures.decisions.BLOCK, 'contacts blocked'],
    [figures.optOuts.optOuts, 'opt-outs recorded'],
  ];
  return html`<ul class="tiles">${all.map(([value, label]) => html`<li><b>${value}</b><span>${label}</span></li>`)}</ul><p class="soft">Each entry has a proof that it is in the log, under the signed checkpoint of size ${logSize}.</p>`;
}

function decisions(figures: Figures): Html {
  const chart = decisionChart(figures.days);
  if (chart.buckets.length === 0) return html`<h2>Decisions</h2><p>There are no decisions in this pack.</p>`;
  const legend = chart.series.map(
    ({ name, colour }) => html`<li><i style="background:${colour}"></i>${name}</li>`,
  );
  const rows = chart.buckets
    .filter(({ counts }) => counts.some((count) => count > 0))
    .map(({ label, counts }) => row(label, counts));
  const meanings = chart.series.map(
    ({ name, total }) =>
      html`<tr><td><code>${name}</code></td><td>${meaningOf(name)}</td><td class="n">${total}</td></tr>`,
  );
  return html`<h2>Decisions</h2>
<figure>${drawDecisions(chart)}<figcaption>By ${chart.unit} and by the first, dominant reason.</figcaption></figure><ul class="legend">${legend}</ul>
<table><caption>What the reasons say</caption><thead><tr><th scope="col">Reason</th><th scope="col">Meaning</th><th scope="col" class="n">Decisions</th></tr></thead><tbody>${meanings}</tbody></table>
<table class="wide"><caption>Decisions by ${chart.unit}</caption><thead><tr><th scope="col">${chart.unit}</th>${chart.series.map(({ name }) => html`<th scope="col" class="n">${name.replaceAll('_', ' ')}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

function meaningOf(code: string): string {
  if (code === PERMITTED) return 'Nothing stood against the contact: it was allowed.';
  if (code === OTHER) return 'Every other reason: figures.json has each of them by day.';
  return Object.entries(REASONS).find(([known]) => known === code)?.[1] ?? '';
}

function latencies({ optOuts }: Figures): Html {
  if (optOuts.optOuts === 0) return html`<h2>Opt-outs</h2><p>There are no opt-outs in this pack.</p>`;
  const parts: readonly (readonly [string, Percentiles])[] = [
    ['stated to received', optOuts.statedToReceived],
    ['received to in force', optOuts.receivedToInForce],
    ['stated to in force', optOuts.statedToInForce],
    ['in force to logged', optOuts.inForceToLogged],
  ];
  const rows = parts.map(([label, { p50, p95, p99, max }]) => row(label, [p50, p95, p99, max].map(duration)));
  const steps = LATENCY_STEPS.map(({ label }, at) => row(label, [optOuts.steps[at] ?? 0]));
  return html`<h2>Opt-outs</h2>
<figure>${drawLatencies(optOuts)}<figcaption>From the request, as its sender dates it, until every check counts it. Red: later than the 60 seconds that are promised.</figcaption></figure>
<p>${optOuts.overSixtySeconds} of ${optOuts.optOuts} took more than 60 seconds; ${optOuts.overLegalLimit} took more than ${LEGAL_LIMIT_BUSINESS_DAYS} business days (47 CFR 64.1200(d)(3)).</p>
<table><caption>Time on the way</caption><thead><tr><th scope="col">part</th><th scope="col" class="n">p50</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th><th scope="col" class="n">longest</th></tr></thead><tbody>${rows}</tbody></table>
<table><caption>Opt-outs by time from stated to in force</caption><thead><tr><th scope="col">time</th><th scope="col" class="n">opt-outs</th></tr></thead><tbody>${steps}</tbody></table>`;
}

function checklist({ figures, imports }: PackContents): Html {
  const rows = safeHarbour(figures, imports).map(
    ({ citation, asked, state, because }) =>
      html`<tr><td class="when">${citation}</td><td>${asked}</td><td><span class="state ${state}">${STATES[state]}</span></td><td>${because}</td></tr>`,
  );
  return html`<h2>Safe harbour, 47 CFR 64.1200(c)(2)(i)</h2><p class="soft">Green is only what this log shows by itself. “Not shown” says that the log is silent, not that it was not done.</p><table><thead><tr><th scope="col">Rule</th><th scope="col">What it asks</th><th scope="col">This log</th><th scope="col">Because</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function policies({ figures, policiesKept }: PackContents): Html {
  if (figures.policies.length === 0) return html``;
  const rows = figures.policies.map(
    ({ name, hash, entries }) =>
      html`<tr><td>${name}</td><td><code>${policiesKept.has(hash) ? `policies/${hash}.json` : `${hash}: document not kept`}</code></td><td class="n">${entries}</td></tr>`,
  );
  return html`<h2>Policies</h2><table><caption>By which rules it was decided; a document's name is its SHA-256</caption><thead><tr><th scope="col">Version</th><th scope="col">Document</th><th scope="col" class="n">Entries</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function registries({ figures, imports }: PackContents): Html {
  if (figures.registries.length === 0) return html``;
  const known = new Map(imports.map((entry) => [keyOf(entry), entry]));
  const rows = figures.registries.map((use) => {
    const found = known.get(keyOf(use));
    const accessed = found === undefined ? 'its import is not in this log' : iso(found.accessedAt);
    return html`<tr><td>${use.registry}</td><td class="when">${iso(use.versionAt).slice(0, 10)}</td><td class="when">${accessed}</td><td>${found?.subscriptionId ?? '-'}</td><td class="n">${use.decisions}</td><td class="n">${use.allowed}</td><td class="n">${use.oldestDays}</td></tr>`;
  });
  return html`<h2>Registry versions</h2><table><caption>Which versions were asked, and how old they were at most when a contact was allowed</caption><thead><tr><th scope="col">Registry</th><th scope="col">Version</th><th scope="col">Accessed</th><th scope="col">Subscription</th><th scope="col" class="n">Entries</th><th scope="col" class="n">Allowed</th><th scope="col" class="n">Days</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function timeline({ timeline: rows, figures, withheld, scope }: PackContents): Html {
  if (scope.about.kind === 'campaign') return html``;
  const all = Object.values(figures.entries).reduce((sum, count) => sum + count, 0) + withheld;
  const more = all - rows.length;
  return html`<h2>Everything recorded</h2><table><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col" class="n">Entry</th></tr></thead><tbody>${rows.map(
    ({ at, text, index }) =>
      html`<tr><td class="when">${at.slice(0, 19).replace('T', ' ')}</td><td>${text}</td><td class="n">${index}</td></tr>`,
  )}</tbody></table>${more > 0 ? html`<p>${more} more: see entries.ndjson.</p>` : html``}`;
}

function row(label: string, values: readonly (number | string)[]): Html {
  return html`<tr><th scope="row">${label}</th>${values.map((value) => html`<td class="n">${value}</td>`)}</tr>`;
}

/** Two units at the most: `380 ms`, `4.2 s`, `3 min 20 s`, `2 d 4 h`. */
function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  return `${Math.floor(ms / 86_400_000)} d ${Math.floor((ms % 86_400_000) / 3_600_000)} h`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
