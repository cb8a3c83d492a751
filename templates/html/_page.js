(() => {
  "use strict";
  const id = name => document.getElementById(name);
  const items = [...document.querySelectorAll("#steps li")];
  const sections = [...document.querySelectorAll("section")];
  const lit = [...document.querySelectorAll("[data-step]")].map(part => [part, part.dataset.step.split(" ").map(Number)]);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const last = items.length;
  let at = -1;

  const put = (phrase, parts) => phrase.replace(/\{(\w+)\}/g, (place, name) => parts[name]);
  const middle = (from, to) => (from + to) / 2;

  function count(text) {
    const span = document.createElement("span");
    span.className = "adt-count";
    span.textContent = text;
    return span;
  }

  function say() {
    if (at === 0) {
      id("said").replaceChildren(count(id("stepper").dataset.whole));
      return;
    }
    const lines = [...items[at - 1].querySelectorAll(".adt-line")].map(line => line.cloneNode(true));
    id("said").replaceChildren(count(put(id("stepper").dataset.each, { at, last, sweep: items[at - 1].querySelector("a").textContent })), ...lines);
  }

  function follow(behavior) {
    for (const frame of document.querySelectorAll("section.adt-on .adt-figure, section.adt-on .adt-scroll")) {
      const now = frame.querySelector(".adt-now");
      if (!now) continue;
      const part = (frame.querySelector("g.adt-now") || now).getBoundingClientRect(), box = frame.getBoundingClientRect();
      const far = part.left < box.left || part.right > box.right || part.top < box.top || part.bottom > box.bottom;
      if (far) frame.scrollBy({ left: middle(part.left, part.right) - middle(box.left, box.right),
                                top: middle(part.top, part.bottom) - middle(box.top, box.bottom), behavior });
    }
    const row = document.querySelector("section.adt-on th.adt-now");
    if (row) {
      const above = document.querySelector("section.adt-on .adt-figure") || id("stepper");
      const top = above.getBoundingClientRect().bottom, box = row.getBoundingClientRect();
      if (box.bottom > innerHeight || box.top < top) scrollBy({ top: middle(box.top, box.bottom) - middle(top, innerHeight), behavior });
    }
  }

  function go(step, behavior = calm ? "auto" : "smooth") {
    step = Math.max(0, Math.min(last, step));
    if (step === at) return;
    at = step;
    document.body.classList.toggle("adt-stepping", at > 0);
    sections.forEach(part => part.classList.toggle("adt-on", part.dataset.from <= at && at <= part.dataset.to));
    for (const [part, steps] of lit) {
      part.classList.toggle("adt-now", at > 0 && steps.includes(at));
      part.classList.toggle("adt-ahead", at > 0 && Math.min(...steps) > at);
    }
    items.forEach((item, place) => place === at - 1 ? item.setAttribute("aria-current", "step") : item.removeAttribute("aria-current"));
    id("slide").value = at;
    id("slide").setAttribute("aria-valuetext", at ? put(id("slide").dataset.each, { at, last }) : id("slide").dataset.whole);
    id("first").disabled = id("back").disabled = at === 0;
    id("next").disabled = id("last").disabled = at === last;
    say();
    for (const frame of document.querySelectorAll(".adt-figure")) frame.style.top = `${id("stepper").offsetHeight}px`;
    if (at > 0) follow(behavior);
    const hash = at ? `#${at}` : "";
    if (location.protocol !== "about:" && location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
  }

  const keys = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => last };
  document.addEventListener("keydown", event => {
    const to = keys[event.key];
    if (!to || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target === id("slide")) return;
    event.preventDefault();
    go(to());
  });
  const buttons = { first: keys.Home, back: keys.ArrowLeft, next: keys.ArrowRight, last: keys.End };
  for (const [name, to] of Object.entries(buttons)) id(name).addEventListener("click", () => go(to()));
  id("slide").addEventListener("input", () => go(Number(id("slide").value)));
  const fromHash = behavior => go(/^#\d{1,6}$/.test(location.hash) ? Number(location.hash.slice(1)) : 0, behavior);
  addEventListener("hashchange", () => fromHash());
  id("stepper").hidden = false;
  fromHash("instant");
})();
