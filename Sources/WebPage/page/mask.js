// One head: its figures, and a picture of the query-key pairs that it computed.

import { count, percent } from "./format.js";
import { kindOf } from "./grid.js";

/** Fills `place` with what is known of a head. */
export function showHead(place, layer, head) {
  const title = document.createElement("h3");
  title.textContent = `Layer ${layer.layer}, head ${head.head}`;
  const parts = [title];
  if (head.mask) parts.push(...picture(head));
  const figures = [
    ["Pattern", head.pattern], ["Density", percent(head.density)],
    ["Recall, mean", head.recall === null ? "not sampled" : percent(head.recall)],
    ["Recall, least", head.minimumRecall === null ? "not sampled" : percent(head.minimumRecall)],
  ];
  if (head.denseReason) {
    const where = head.denseCalls < head.calls ? `Dense in ${head.denseCalls} of ${head.calls} chunks` : "Dense";
    figures.push([where, head.denseReason.description]);
  }
  const list = document.createElement("dl");
  for (const [name, value] of figures) {
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = name;
    text.textContent = value;
    list.append(term, text);
  }
  place.replaceChildren(...parts, list);
}

function picture(head) {
  const { cellSize, rows } = head.mask;
  const canvas = document.createElement("canvas");
  const side = rows.length;
  const scale = Math.max(1, Math.floor(640 / side));
  canvas.width = canvas.height = side * scale;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label",
    `Mask: queries from top to bottom, keys from left to right; ${percent(head.density)} of the pairs were computed.`);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue(kindOf(head).hue);
  const empty = style.getPropertyValue("--cell");
  rows.forEach((row, query) => {
    [...row].forEach((digit, key) => {
      const share = parseInt(digit, 16) / 15;
      context.globalAlpha = 1;
      const color = context.fillStyle;
      context.fillStyle = empty;
      context.fillRect(key * scale, query * scale, scale, scale);
      context.fillStyle = color;
      if (share === 0) return;
      context.globalAlpha = 0.2 + 0.8 * share;
      context.fillRect(key * scale, query * scale, scale, scale);
    });
  });
  const axis = document.createElement("p");
  axis.className = "axis";
  axis.textContent = `Queries ↓, keys → · a cell is ${count(cellSize)} × ${count(cellSize)} tokens`;
  return [canvas, axis];
}
