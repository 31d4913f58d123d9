// The page: what is asked, and the answers side by side.

import { APIError, ask, example, servedModel, setKey, tokenCount } from "./client.js";
import { count, percent, seconds } from "./format.js";
import { showGrid } from "./grid.js";
import { showHead } from "./mask.js";

const element = (id) => document.getElementById(id);
const [form, text, question, error] = ["form", "document", "question", "error"].map(element);
const names = { sparse: "Sparse attention", dense: "Dense attention" };
// The server's own default is sparse.
const methods = { sparse: undefined, dense: "dense" };

let running = null;
let counting = null;

// MARK: The document

function showCount() {
  clearTimeout(counting);
  const value = text.value;
  if (!value) {
    element("count").textContent = "";
    return;
  }
  element("count").textContent = `${count(value.length)} characters`;
  counting = setTimeout(async () => {
    try {
      const tokens = await tokenCount(value);
      if (text.value === value) element("count").textContent = `${count(tokens)} tokens`;
    } catch { /* the number of characters stays */ }
  }, 400);
}

function setDocument(value) {
  text.value = value;
  text.scrollTop = 0;
  showCount();
}

async function openFile(file) {
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    setDocument(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    showError(null);
  } catch {
    showError(`${file.name} is not UTF-8 text.`);
  }
}

text.addEventListener("input", showCount);
element("file").addEventListener("change", (event) => {
  openFile(event.target.files[0]);
  event.target.value = "";
});
element("clear").addEventListener("click", () => {
  setDocument("");
  text.focus();
});

const drop = element("drop");
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("dragging");
});
drop.addEventListener("dragleave", () => drop.classList.remove("dragging"));
drop.addEventListener("drop", (event) => {
  drop.classList.remove("dragging");
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  openFile(event.dataTransfer.files[0]);
});

element("example").addEventListener("click", async () => {
  const button = element("example");
  button.disabled = true;
  try {
    const made = await example(Number(element("size").value));
    setDocument(made.document.trim());
    question.value = made.question;
    showError(null);
    question.focus();
  } catch (failure) {
    report(failure);
  } finally {
    button.disabled = false;
  }
});

// MARK: Errors

function showError(message) {
  error.hidden = !message;
  error.textContent = message ?? "";
}

function report(failure) {
  if (failure.name === "AbortError") return;
  const isUnauthorized = failure instanceof APIError && failure.status === 401;
  if (isUnauthorized) element("key-row").hidden = false;
  showError(failure instanceof APIError ? failure.message : "The server cannot be reached.");
  if (isUnauthorized) element("key").focus();
}

element("key").addEventListener("change", (event) => {
  setKey(event.target.value);
  showError(null);
  showModel();
});

// MARK: Asking

function prompt() {
  const asked = question.value.trim();
  const body = text.value.trim();
  if (!body) return asked;
  // The space keeps a full stop at the end like every other one.
  return `Read the following text. I will ask you about it afterwards.\n ${body} \n${asked}`;
}

function makePanel(mode) {
  const panel = element("panel-template").content.cloneNode(true).querySelector("article");
  panel.classList.add(mode);
  panel.dataset.mode = mode;
  panel.querySelector("h3").textContent = names[mode];
  panel.querySelector(".state").textContent = "waiting";
  element("panels").append(panel);
  return panel;
}

async function run(mode, panel, content, signal) {
  const state = panel.querySelector(".state");
  const bar = panel.querySelector(".progress div");
  const answer = panel.querySelector(".answer");
  const figure = (name, value) => { panel.querySelector(`[data-figure="${name}"]`).textContent = value; };
  const start = performance.now();
  const clock = setInterval(() => figure("first", seconds((performance.now() - start) / 1000)), 100);
  state.textContent = "reading";
  try {
    const result = await ask({
      content, method: methods[mode], signal,
      onProgress({ total, processed }) {
        bar.style.width = `${total > 0 ? 100 * processed / total : 0}%`;
        state.textContent = `reading ${count(processed)} of ${count(total)} tokens`;
      },
      onText(piece) {
        if (!answer.textContent) {
          clearInterval(clock);
          figure("first", seconds((performance.now() - start) / 1000));
          bar.style.width = "100%";
          state.textContent = "answering";
          piece = piece.trimStart();
        }
        answer.append(piece);
      },
    });
    clearInterval(clock);
    figure("first", seconds(result.firstSeconds));
    figure("density", result.report ? percent(result.report.density) : "–");
    figure("recall", result.report && result.report.recall !== null ? percent(result.report.recall) : "–");
    figure("speed", result.tokensPerSecond === null ? "–" : result.tokensPerSecond.toFixed(0));
    const cached = result.usage?.prompt_tokens_details?.cached_tokens ?? 0;
    const read = result.usage ? `${count(result.usage.prompt_tokens)} tokens` : "done";
    state.textContent = cached > 0 ? `${read}, ${count(cached)} from the cache` : read;
    bar.style.width = "100%";
    panel.dataset.done = "true";
    return result;
  } catch (failure) {
    state.textContent = failure.name === "AbortError" ? "stopped" : "failed";
    throw failure;
  } finally {
    clearInterval(clock);
  }
}

/** The times to the first token as bars, once both are there. */
function showRace(results) {
  const { sparse, dense } = results;
  const race = element("race");
  race.hidden = !(sparse?.firstSeconds && dense?.firstSeconds);
  if (race.hidden) return;
  const longest = Math.max(sparse.firstSeconds, dense.firstSeconds);
  race.replaceChildren(...["sparse", "dense"].map((mode) => {
    const line = document.createElement("div");
    line.className = `race-line ${mode}`;
    const name = document.createElement("span");
    name.textContent = mode;
    const track = document.createElement("div");
    track.className = "race-track";
    const bar = document.createElement("div");
    bar.className = "race-bar";
    bar.style.setProperty("--share", results[mode].firstSeconds / longest);
    const time = document.createElement("strong");
    time.textContent = seconds(results[mode].firstSeconds);
    track.append(bar, time);
    if (mode === "sparse" && sparse.firstSeconds < dense.firstSeconds) {
      const gain = document.createElement("em");
      gain.textContent = `${(dense.firstSeconds / sparse.firstSeconds).toFixed(1)}× sooner`;
      track.append(gain);
    }
    line.append(name, track);
    return line;
  }));
}

function showKept(result) {
  const { report } = result;
  const hasHeads = report?.layers?.some((layer) => layer.heads.some((head) => head.calls > 0));
  if (!hasHeads) return;
  element("kept").hidden = false;
  const recall = report.recall === null ? "" : `, which hold ${percent(report.recall)} of the attention (sampled)`;
  element("kept-lead").textContent =
    `${percent(report.density)} of all query-key pairs were computed${recall}. `
    + "Each square is a head; choose one to see which pairs it kept.";
  showGrid(element("heads"), element("legend"), report,
    (layer, head) => showHead(element("detail"), layer, head));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (running) return;
  showError(null);
  const mode = new FormData(form).get("mode");
  const modes = mode === "both" ? ["sparse", "dense"] : [mode];
  running = new AbortController();
  element("ask").disabled = true;
  element("stop").hidden = false;
  element("answers").hidden = false;
  element("race").hidden = true;
  element("panels").replaceChildren();
  const panels = modes.map(makePanel);
  const content = prompt();
  const results = {};
  try {
    // One after the other, so that neither slows the other down.
    for (const [index, each] of modes.entries()) {
      results[each] = await run(each, panels[index], content, running.signal);
      if (index === 0) showKept(results[each]);
    }
    showRace(results);
  } catch (failure) {
    report(failure);
  } finally {
    running = null;
    element("ask").disabled = false;
    element("stop").hidden = true;
  }
});

element("stop").addEventListener("click", () => running?.abort());

// MARK: The model

async function showModel() {
  try {
    const model = await servedModel();
    const length = model.max_model_len ?? model.context_length;
    element("served").textContent = length ? `${model.id}, up to ${count(length)} tokens` : model.id;
    for (const option of element("size").options) option.disabled = length && Number(option.value) > length;
  } catch (failure) {
    element("served").textContent = "not connected";
    report(failure);
  }
}

showModel();
