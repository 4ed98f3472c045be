#include "daemon/ledger/report_style.h"

namespace pw {

const std::string_view report_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1d2226; --soft: #5a636b; --line: #d9d6cc; --panel: #f4f2ea;
  --seen: #7fa8a3; --gap: #b4552d; --gap-back: #f6e3d8; --mark: #1d2226; --link: #17557a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16191c; --ink: #e7e5df; --soft: #a2a9af; --line: #363c42; --panel: #1e2327;
    --seen: #4f807b; --gap: #e08a5f; --gap-back: #3a2a22; --mark: #f4f2ea; --link: #8cc4e6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 58rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 Georgia, "Iowan Old Style", "Noto Serif", serif;
}
h1, h2, h3, h4, th, .label, .verdict, nav { font-family: system-ui, "Noto Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.15rem; margin: 2rem 0 .35rem; }
h4 { font-size: 1rem; margin: 0 0 .35rem; }
p, ul, ol, dl { margin: .5rem 0; }
a { color: var(--link); }
bdi { overflow-wrap: anywhere; }
.label, .soft, figcaption { color: var(--soft); font-size: .88rem; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1.1rem; }
.warn { border-left: 6px double var(--gap); }
.counts { list-style: none; padding: 0; font-size: 1.12rem; }
.counts li { margin: .2rem 0; }
.strip { display: block; width: 100%; height: 1.1rem; margin: .8rem 0; border-radius: 4px; }
.v-kept { fill: #4f8a6b; }
.v-broken { fill: #b4552d; }
.v-pending { fill: #d0a94a; }
.v-unproven { fill: #a9a89f; }
.v-unavailable { fill: #7c8794; }
.v-exempt { fill: #8f86b5; }
nav { margin: 1rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .7rem .38rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: .84rem; }
.overview { table-layout: fixed; }
.overview th:first-child { width: 46%; }
.overview th:last-child { width: 6rem; }
tbody th { color: var(--ink); font-size: .93rem; }
.verdict { font-weight: 600; }
.sign { display: inline-block; width: 1.3em; text-align: center; }
article { border-top: 1px solid var(--line); padding: 1.1rem 0 .6rem; }
figure { margin: .7rem 0; }
.timeline { display: block; width: 100%; height: auto; }
.patterns { position: absolute; }
.seen { fill: var(--seen); }
.gap { fill: url(#hatch); stroke: var(--gap); stroke-width: 1; }
.hatch-back { fill: var(--gap-back); }
.hatch-line { fill: var(--gap); }
.mark { fill: var(--mark); stroke: var(--paper); stroke-width: 1.5; }
.hollow { fill: var(--paper); stroke: var(--mark); }
.ends { display: flex; justify-content: space-between; gap: 1rem; }
.finding { margin: .7rem 0; }
blockquote { margin: .4rem 0; padding-left: .9rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .82rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: .88rem; }
@media print {
  :root {
    --paper: #fff; --ink: #000; --soft: #333; --line: #999; --panel: #fff;
    --seen: #999; --gap: #000; --gap-back: #fff; --mark: #000; --link: #000;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .strip rect { stroke: #000; }
  .seen, .hatch-line, .hatch-back, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  article, .finding, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
)css";

}  // namespace pw
