"use strict";
(() => {
  const page = document;
  const entries = [...page.querySelectorAll(".entry")];
  const form = page.querySelector("form.filter");
  const box = page.getElementById("search");
  if (form && box) {
    const texts = new Map();
    const textOf = (entry) => {
      if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
      return texts.get(entry);
    };
    const chosen = () => [...form.querySelectorAll("select")].map((each) => each.value).filter((mark) => /^[vc]/.test(mark));
    const apply = () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const marks = chosen();
      let shown = 0;
      for (const entry of entries) {
        const rows = [...entry.querySelectorAll(":scope > .row")];
        const fits = words.every((word) => textOf(entry).includes(word)) && rows.some((row) => marks.every((mark) => row.classList.contains(mark)));
        entry.classList.toggle("unmatched", !fits);
        if (entry.checkVisibility()) shown += 1;
      }
      for (const part of page.querySelectorAll(".area-part")) {
        part.classList.remove("unmatched");
        const kept = [...part.querySelectorAll(".entry")].some((entry) => entry.checkVisibility());
        part.classList.toggle("unmatched", !kept);
      }
      page.getElementById("shown").textContent = shown === entries.length ? "" : `${shown} of ${entries.length} requirements`;
    };
    page.querySelector(".search").hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && page.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
      if (target && !target.checkVisibility()) form.reset();
    });
  }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...page.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
})();
