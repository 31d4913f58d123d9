// The grid of heads: a row for each layer, a cell for each head, coloured by pattern and density.

import { percent } from "./format.js";

const kinds = [
  { name: "dense", label: "dense", hue: "--dense" },
  { name: "vertical", label: "columns and slashes", hue: "--slash" },
  { name: "window", label: "first keys and a window", hue: "--window" },
  { name: "blocks", label: "blocks", hue: "--blocks" },
  { name: "other", label: "other", hue: "--other" },
];

/** What kind of pattern a head followed; one that fell back to dense attention is dense. */
export function kindOf(head) {
  const name = head.pattern.split(/[:(\s]/)[0];
  const kind = head.calls > 0 && head.denseCalls === head.calls || name === "dense" ? "dense"
    : /vertical|slash|lines/.test(name) ? "vertical"
    : /shape|stream|window/.test(name) ? "window"
    : /block/.test(name) ? "blocks" : "other";
  return kinds.find((each) => each.name === kind);
}

/** Fills `place` with the grid of a report; `onSelect(layer, head)` is told the head that is looked at. */
export function showGrid(place, legend, report, onSelect) {
  const heads = report.layers[0].heads.length;
  const table = document.createElement("table");
  table.setAttribute("aria-label", "Heads by layer");
  table.style.setProperty("--heads", heads);
  table.style.setProperty("--largest", heads > 16 ? "1.15rem" : heads > 8 ? "2.2rem" : "3.7rem");
  table.style.setProperty("--gap", heads > 16 ? "2px" : "4px");
  const buttons = [];

  const top = table.createTHead().insertRow();
  top.append(heading(""));
  for (let head = 0; head < heads; head++) {
    top.append(heading(heads <= 16 || head % 4 === 0 ? head : "", "col"));
  }
  const body = table.createTBody();
  for (const layer of report.layers) {
    const row = body.insertRow();
    row.append(heading(`layer ${layer.layer}`, "row"));
    for (const head of layer.heads) {
      const button = document.createElement("button");
      const kind = kindOf(head);
      button.type = "button";
      button.tabIndex = -1;
      // Densities of sparse heads are a few percent: their square root spreads them.
      button.style.setProperty("--hue", `var(${kind.hue})`);
      button.style.setProperty("--amount", `${Math.round(14 + 86 * Math.sqrt(Math.min(1, head.density)))}%`);
      button.title = describe(layer.layer, head);
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", () => select(buttons.indexOf(button)));
      row.insertCell().append(button);
      buttons.push(button);
    }
  }

  function select(index) {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", "false");
      button.tabIndex = -1;
    }
    buttons[index].setAttribute("aria-pressed", "true");
    buttons[index].tabIndex = 0;
    const layer = report.layers[Math.floor(index / heads)];
    onSelect(layer, layer.heads[index % heads]);
  }

  table.addEventListener("keydown", (event) => {
    const index = buttons.indexOf(document.activeElement);
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -heads, ArrowDown: heads };
    const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : index + moves[event.key];
    if (index < 0 || !(next >= 0 && next < buttons.length)) return;
    event.preventDefault();
    buttons[next].focus();
    select(next);
  });

  place.replaceChildren(table);
  showLegend(legend, report);
  // The head that says most: the one that kept least of what it should.
  const sampled = report.layers.flatMap((layer) => layer.heads);
  const sparse = sampled.map((head, index) => ({ index, density: head.density })).sort((a, b) => a.density - b.density);
  select(sparse[0].index);
}

function heading(text, scope) {
  const cell = document.createElement("th");
  if (scope) cell.scope = scope;
  cell.textContent = text;
  return cell;
}

function describe(layer, head) {
  const recall = head.recall === null ? "" : `, recall ${percent(head.recall)}`;
  return `Layer ${layer}, head ${head.head}: ${kindOf(head).label}, density ${percent(head.density)}${recall}`;
}

function showLegend(place, report) {
  const used = new Set(report.layers.flatMap((layer) => layer.heads.map(kindOf)));
  const items = kinds.filter((kind) => used.has(kind)).map((kind) => {
    const item = document.createElement("span");
    const sample = document.createElement("i");
    sample.style.setProperty("--hue", `var(${kind.hue})`);
    item.append(sample, kind.label);
    return item;
  });
  const ramp = document.createElement("span");
  const sample = document.createElement("i");
  sample.className = "ramp";
  ramp.append("kept little", sample, "kept all");
  place.replaceChildren(...items, ramp);
}
