(() => {
  "use strict";
  const id = name => document.getElementById(name);
  const items = [...document.querySelectorAll("#steps li")];
  const sections = [...document.querySelectorAll("section")];
  const lit = [...document.querySelectorAll("[data-step]")].map(part => [part, part.dataset.step.split(" ").map(Number)]);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const last = items.length;
  let at = -1, projecting = false;

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
      id("said").replaceChildren(...projecting ? [] : [count(id("stepper").dataset.whole)]);
      return;
    }
    const lines = [...items[at - 1].querySelectorAll(".adt-line")].map(line => line.cloneNode(true));
    id("said").replaceChildren(count(put(id("stepper").dataset.each, { at, last, sweep: items[at - 1].querySelector("a").textContent })), ...lines);
  }

  // For the projector the table is as large as the screen holds it, never small print: what is larger scrolls.
  function fit() {
    if (!projecting) return;
    const room = document.querySelector("main"), tables = [...document.querySelectorAll("section.adt-on table")];
    document.body.style.setProperty("--adt-big", "20px");
    const wide = room.clientWidth / Math.max(...tables.map(table => table.scrollWidth));
    const high = room.clientHeight / tables.reduce((sum, table) => sum + table.offsetHeight, 0);
    const big = Math.max(16, Math.min(60, 19.5 * wide, Math.max(24, 19.5 * high)));
    document.body.style.setProperty("--adt-big", `${big}px`);
  }

  function follow(behavior) {
    if (projecting) {
      const row = document.querySelector("section.adt-on th.adt-now");
      if (row) row.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      return;
    }
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

  function go(step, behavior = calm ? "auto" : "smooth", again = false) {
    step = Math.max(0, Math.min(last, step));
    if (step === at && !again) return;
    at = step;
    const stepping = at > 0 || projecting, before = document.querySelector("section.adt-on");
    document.body.classList.toggle("adt-stepping", stepping);
    sections.forEach(part => part.classList.toggle("adt-on", part.dataset.from <= Math.max(at, 1) && at <= part.dataset.to && stepping));
    for (const [part, steps] of lit) {
      part.classList.toggle("adt-now", at > 0 && steps.includes(at));
      part.classList.toggle("adt-ahead", stepping && Math.min(...steps) > at);
    }
    if (again || before !== document.querySelector("section.adt-on")) fit();
    items.forEach((item, place) => place === at - 1 ? item.setAttribute("aria-current", "step") : item.removeAttribute("aria-current"));
    id("slide").value = at;
    id("slide").setAttribute("aria-valuetext", at ? put(id("slide").dataset.each, { at, last }) : id("slide").dataset.whole);
    id("first").disabled = id("back").disabled = at === 0;
    id("next").disabled = id("last").disabled = at === last;
    say();
    for (const frame of document.querySelectorAll(".adt-figure")) frame.style.top = `${id("stepper").offsetHeight}px`;
    if (at > 0) follow(behavior);
    const hash = projecting ? `#projector${at ? `-${at}` : ""}` : at ? `#${at}` : "";
    if (location.protocol !== "about:" && location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
  }

  function project(on, whole) {
    projecting = on;
    document.body.classList.toggle("adt-projector", on);
    document.body.classList.remove("adt-black");
    id("leave").hidden = !on;
    if (on && document.activeElement) document.activeElement.blur();
    if (whole && on && document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
    if (!on && document.fullscreenElement) document.exitFullscreen().catch(() => {});
    go(at, "instant", true);
  }

  const on = () => at + 1, back = () => at - 1;
  const keys = { ArrowRight: on, ArrowLeft: back, Home: () => 0, End: () => last };
  // What a clicker sends: PageDown and PageUp, and b or a full stop for a black screen.
  const clicks = { PageDown: on, " ": on, Enter: on, ArrowDown: on, PageUp: back, Backspace: back, ArrowUp: back };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "p" || event.key === "P") project(!projecting, true);
    else if (projecting && event.key === "Escape") project(false);
    else if (projecting && (event.key === "b" || event.key === ".")) document.body.classList.toggle("adt-black");
    else {
      const to = keys[event.key] || (projecting && clicks[event.key]);
      if (!to || event.target === id("leave") || (!projecting && event.target === id("slide"))) return;
      event.preventDefault();
      document.body.classList.remove("adt-black");
      go(to());
    }
  });
  document.querySelector("main").addEventListener("click", event => {
    if (projecting && !String(getSelection())) go(event.clientX < innerWidth / 3 ? at - 1 : at + 1);
  });
  id("project").addEventListener("click", () => project(true, true));
  id("leave").addEventListener("click", () => project(false));
  addEventListener("resize", fit);
  let full = false;
  document.addEventListener("fullscreenchange", () => {
    if (full && !document.fullscreenElement && projecting) project(false);
    full = Boolean(document.fullscreenElement);
    fit();
  });
  const buttons = { first: keys.Home, back: keys.ArrowLeft, next: keys.ArrowRight, last: keys.End };
  for (const [name, to] of Object.entries(buttons)) id(name).addEventListener("click", () => go(to()));
  id("slide").addEventListener("input", () => go(Number(id("slide").value)));
  const fromHash = behavior => {
    const [, big, step] = /^#(projector(?:-|$))?(\d{1,6})?$/.exec(location.hash) || [];
    if (Boolean(big) !== projecting) {
      at = Math.max(0, Math.min(last, Number(step || 0)));
      project(Boolean(big));
    } else go(Number(step || 0), behavior);
  };
  addEventListener("hashchange", () => fromHash());
  id("stepper").hidden = false;
  fromHash("instant");
})();
