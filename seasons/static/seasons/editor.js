/* The editor of seasons while somebody types. Everything here also works without it, by the buttons of the page. */
"use strict";

const END = "end";
const FEBRUARY = "2";
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const PAUSE_MS = 250;

function part(row, name) {
  return row.querySelector(`select[name$="-${name}"]`);
}

/* A day that the chosen month does not have cannot be chosen; the end of February brings its month. */
function holdDaysToMonth(row, side) {
  const day = part(row, `${side}-day`);
  const month = part(row, `${side}-month`);
  if (day.value === END && !month.value) month.value = FEBRUARY;
  const longest = month.value ? LENGTHS[Number(month.value) - 1] : 31;
  for (const option of day.options) {
    const impossible = option.value === END ? month.value && month.value !== FEBRUARY : Number(option.value) > longest;
    option.disabled = Boolean(impossible);
  }
  if (day.selectedOptions[0] && day.selectedOptions[0].disabled) day.value = "";
}

function chosenIn(row) {
  return [...row.querySelectorAll("select")].some((select) => select.value);
}

function tend(row) {
  holdDaysToMonth(row, "from");
  holdDaysToMonth(row, "to");
  const gone = row.querySelector('input[type="checkbox"]');
  row.classList.toggle("filled", chosenIn(row) || (gone && gone.checked));
  row.classList.toggle("going", Boolean(gone && gone.checked));
}

function rowsOf(place) {
  return [...place.querySelectorAll(".season-row")];
}

/* A further row is the last one again, empty and numbered on. */
function furtherRow(last, number) {
  const row = last.cloneNode(true);
  for (const field of row.querySelectorAll("select, input")) {
    field.name = field.name.replace(/-\d+-/, `-${number}-`);
    field.removeAttribute("id");
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
    if (field.hasAttribute("aria-label")) {
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, String(number + 1)));
    }
  }
  last.after(row);
  return row;
}

function addRow(place) {
  const rows = rowsOf(place);
  const row = rows.find((each) => each.hidden) || furtherRow(rows[rows.length - 1], rows.length);
  row.hidden = false;
  tend(row);
  part(row, "from-day").focus();
}

/* Spare rows are for pages without a script; here one empty row is enough to begin with. */
function prepareRows(place) {
  const button = place.querySelector("#season-add-row");
  if (!button) return;
  const rows = rowsOf(place);
  rows.forEach(tend);
  const used = rows.some(chosenIn);
  rows.filter((row) => !chosenIn(row)).forEach((row, index) => { row.hidden = used || index > 0; });
  button.hidden = false;
  button.addEventListener("click", () => addRow(place));
  place.addEventListener("change", (event) => {
    const row = event.target.closest(".season-row");
    if (row) tend(row);
  });
}

function swap(live, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-live]")) {
    const old = live.querySelector(`[data-live="${fresh.dataset.live}"]`);
    if (!old || old.innerHTML === fresh.innerHTML) continue;
    const scroll = old.querySelector(".season-scroll");
    const left = scroll ? scroll.scrollLeft : 0;
    old.innerHTML = fresh.innerHTML;
    if (scroll) old.querySelector(".season-scroll").scrollLeft = left;
  }
}

/* Asks the server about the rows as they stand; an answer that was overtaken by another question is dropped. */
function liven(live, form) {
  let waiting;
  let asked = 0;
  async function ask() {
    const mine = ++asked;
    const answer = await fetch(live.dataset.address, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (answer.ok && mine === asked) swap(live, await answer.text());
  }
  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => undefined), PAUSE_MS);
  }
  form.addEventListener("input", askSoon);
  form.addEventListener("change", askSoon);
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="_check"]');
    if (!button) return;
    event.preventDefault();
    ask().catch(() => form.requestSubmit(button));
  });
}

function prepareCopying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = button.textContent;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}

const rowsPlace = document.getElementById("season-dates");
if (rowsPlace) prepareRows(rowsPlace);
const livePlace = document.querySelector("#season-live[data-lively]");
if (livePlace) liven(livePlace, livePlace.closest("form"));
document.querySelectorAll("[data-copies]").forEach(prepareCopying);
