/** The style and the script of the report: fixed texts, which the page's policy names by their digests. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --drifted: #b45309; --missing: #b91c1c; --new: #15803d; }
@media (prefers-color-scheme: dark) { :root { --drifted: #fbbf24; --missing: #f87171; --new: #4ade80; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
code, pre, .value { font-family: ui-monospace, monospace; font-size: .9em; }
.muted { opacity: .75; }
.tiles { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 1rem 0; padding: 0; }
.tiles li { background: var(--soft); border-radius: .5rem; flex: 1 1 6.5rem; font-size: .85rem; padding: .5rem .75rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; }
.filter { background: Canvas; display: flex; flex-wrap: wrap; gap: .5rem; padding: .5rem 0; position: sticky; top: 0; }
.filter input { flex: 1 1 12rem; }
.filter input, .filter select { border: 1px solid var(--line); border-radius: .5rem; font: inherit; min-height: 2.75rem; min-width: 0; padding: .25rem .75rem; }
.item { border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .5rem .75rem; }
.item[data-state=Drifted] { border-left-color: var(--drifted); }
.item[data-state=Missing] { border-left-color: var(--missing); }
.item p { margin: .25rem 0; }
.item dl { margin: .25rem 0; }
.item dt { font-weight: 600; }
.item dd { margin: 0 0 .25rem; }
.from { text-decoration: line-through; opacity: .75; }
pre { background: var(--soft); border-radius: .5rem; overflow-x: auto; padding: .75rem; }
figure { margin: 0; }
svg { display: block; height: auto; width: 100%; }
svg text { fill: currentColor; font: 11px system-ui, sans-serif; }
svg .grid { stroke: var(--line); }
svg .drifted, .key.drifted { fill: var(--drifted); background: var(--drifted); }
svg .missing, .key.missing { fill: var(--missing); background: var(--missing); }
.key { border-radius: 2px; display: inline-block; height: .8em; width: .8em; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { svg text { font-size: 18px; } }
@media (min-width: 40rem) { .item dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0 1rem; } }
`;

export const pageScript = `
'use strict';
const text = document.getElementById('filter');
const state = document.getElementById('state');
const count = document.getElementById('count');
const items = [...document.querySelectorAll('.item')].map((element) => ({ element, words: element.textContent.toLowerCase() }));
function show() {
  const wanted = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const { element, words } of items) {
    const isWanted = wanted.every((word) => words.includes(word)) && (state.value === '' || element.dataset.state === state.value);
    element.hidden = !isWanted;
    if (isWanted) shown++;
  }
  for (const section of document.querySelectorAll('section.items')) {
    section.hidden = section.querySelector('.item:not([hidden])') === null;
  }
  count.textContent = shown + ' of ' + items.length;
}
text.addEventListener('input', show);
state.addEventListener('change', show);
document.getElementById('controls').hidden = false;
show();
`;
