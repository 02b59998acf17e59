// Comforts only: every page works without this file.
"use strict";

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function fetched(address, signal) {
  const answer = await fetch(address, { signal, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return parse(await answer.text());
}

// More of a list as its end comes into view.
function grow() {
  const list = document.querySelector("[data-grows]");
  const link = document.querySelector("main > .more a[rel=next]");
  if (!list || !link || !("IntersectionObserver" in window)) return;
  let busy = false;
  let empty = 0;
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) more();
  }, { rootMargin: "600px" });
  async function more() {
    if (busy) return;
    busy = true;
    try {
      const page = await fetched(link.href);
      const grown = page.querySelector("[data-grows]");
      const count = grown ? grown.children.length : 0;
      if (grown) list.append(...grown.children);
      const next = page.querySelector("main > .more a[rel=next]");
      if (next) link.href = next.getAttribute("href");
      else { watch.disconnect(); link.parentElement.remove(); }
      // A filter may have found nothing yet: look on by itself for a while, then wait to be asked.
      empty = count ? 0 : empty + 1;
      watch.unobserve(link);
      if (next && empty < 10) watch.observe(link);
    } catch { watch.disconnect(); } // The link is still there to be followed.
    busy = false;
  }
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    more();
  });
  watch.observe(link);
}

// Results as one types, on the page of the search.
function search() {
  const field = document.querySelector("#search-field");
  const results = document.querySelector("#results");
  if (!field || !results) return;
  let waiting, asking;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (asking) asking.abort();
      asking = new AbortController();
      const address = "/search?q=" + encodeURIComponent(field.value.trim());
      try {
        const page = await fetched(address, asking.signal);
        const found = page.querySelector("#results");
        if (found) results.replaceChildren(...found.childNodes);
        history.replaceState(null, "", address);
      } catch (error) {
        if (error.name !== "AbortError") field.form.dataset.failed = "1";
      }
    }, 150);
  });
}

// The words behind a value when the pointer rests on it; a click keeps them open.
function hover() {
  if (!matchMedia("(hover: hover)").matches) return;
  let resting;
  document.addEventListener("pointerover", (event) => {
    const value = event.target instanceof Element ? event.target.closest(".value, .steps > li") : null;
    clearTimeout(resting);
    const shown = document.querySelector(".said[data-hovered]");
    if (shown && !(value && value.contains(shown))) { shown.open = false; delete shown.dataset.hovered; }
    const said = value && value.querySelector(".said");
    if (!said || said.open) return;
    resting = setTimeout(() => { said.open = true; said.dataset.hovered = "1"; }, 250);
  });
  document.addEventListener("click", (event) => {
    const summary = event.target instanceof Element ? event.target.closest(".said > summary") : null;
    if (summary && summary.parentElement.dataset.hovered) {
      event.preventDefault();
      delete summary.parentElement.dataset.hovered;
    }
  });
}

// A claim in the text and beside it light up together.
function light() {
  const text = document.querySelector(".text");
  if (!text) return;
  const pair = (event) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    const link = event.target instanceof Element ? event.target.closest(".mark, .claims a") : null;
    if (!link || link.hash.length < 4) return;
    const id = link.hash.slice(3);
    const note = document.getElementById("n-" + id);
    if (note) note.classList.add("lit");
    for (const mark of document.querySelectorAll(".mark")) if (mark.hash === "#n-" + id) mark.classList.add("lit");
  };
  document.addEventListener("pointerover", pair);
  document.addEventListener("focusin", pair);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = document.querySelector("#search-field") || document.querySelector("#q");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  }
  if (event.key === "Escape") {
    for (const said of document.querySelectorAll(".said[open]")) {
      const inside = said.contains(document.activeElement);
      said.open = false;
      if (inside) said.querySelector("summary").focus();
    }
  }
});

grow();
search();
hover();
light();
