// A number that is pointed at, or touched, marks the places that it came from.
(() => {
  const lit = new Set();
  const mark = names => {
    lit.forEach(one => one.classList.remove("adt-lit"));
    lit.clear();
    (names || "").split(" ").filter(Boolean).forEach(name => {
      const one = document.getElementById(name);
      if (one) { one.classList.add("adt-lit"); lit.add(one); }
    });
  };
  for (const kind of ["pointerover", "focusin", "click"])
    document.addEventListener(kind, event => mark(event.target.closest?.("[data-of]")?.dataset.of));
})();
