/* The page of one coupon while somebody types. Everything here also works without it, by the buttons of the page. */
"use strict";

const PAUSE_MS = 250;

function swap(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-live]")) {
    const old = document.querySelector(`[data-live="${fresh.dataset.live}"]`);
    if (!old || old.innerHTML === fresh.innerHTML) continue;
    old.className = fresh.className;
    old.innerHTML = fresh.innerHTML;
  }
}

/* Asks the server about the values as they stand; an answer that was overtaken by another question is dropped. */
function asker(panel, form) {
  let asked = 0;
  return async function ask() {
    const mine = ++asked;
    const answer = await fetch(panel.dataset.address, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (answer.ok && mine === asked) swap(await answer.text());
  };
}

/* Enter in a field of the coupon saves it, as everywhere; in the example it asks. Without a script it only ever asks. */
function tendButtons(panel, form, ask) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="_check"]');
    if (!button) return;
    event.preventDefault();
    const typing = document.activeElement;
    const save = document.querySelector(`[name="_save"][form="${form.id}"], #${form.id} [name="_save"]`);
    if (typing && typing !== button && typing.matches("input") && !panel.contains(typing) && save) form.requestSubmit(save);
    else ask().catch(() => form.submit());
  });
}

function liven(panel, form) {
  const ask = asker(panel, form);
  let waiting;
  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => undefined), PAUSE_MS);
  }
  form.addEventListener("input", askSoon);
  form.addEventListener("change", askSoon);
  /* The lists with a search box tell of their changes to jQuery alone. */
  if (window.django && window.django.jQuery) window.django.jQuery(form).on("change", "select", askSoon);
  tendButtons(panel, form, ask);
}

/* A field may be in a section that is closed: what is wrong is shown. */
function openFaulty() {
  for (const fault of document.querySelectorAll("details .errors")) fault.closest("details").open = true;
}

const panel = document.querySelector("#coupon-try[data-lively]");
const reading = document.getElementById("coupon-reading");
if (reading) reading.dataset.stays = "1";
if (panel) liven(panel, panel.closest("form"));
openFaulty();
