"use strict";
// Shows the filter, which is useless without this script, and hides what does not match.
for (const form of document.querySelectorAll("form.filter")) {
  const section = form.closest(".bevindingen");
  const status = form.querySelector("[role=status]");
  const items = [...section.querySelectorAll(".finding")].map((node) => {
    const rule = node.closest(".rule");
    const text = (rule.querySelector(".rule-title").textContent + " " + node.textContent).toLowerCase();
    return { node, rule, text };
  });
  const apply = () => {
    const severities = [...form.querySelectorAll("[name=ernst]:checked")].map((box) => box.value);
    const family = form.elements.familie.value;
    const words = form.elements.tekst.value.toLowerCase().split(/\s+/).filter(Boolean);
    const open = new Set();
    let shown = 0;
    for (const item of items) {
      const match = severities.includes(item.node.dataset.ernst)
        && (!family || item.node.closest(".family").dataset.familie === family)
        && words.every((word) => item.text.includes(word));
      item.node.hidden = !match;
      if (match) {
        shown += 1;
        open.add(item.rule).add(item.node.closest(".family"));
      }
    }
    for (const box of section.querySelectorAll(".rule, .family")) box.hidden = !open.has(box);
    status.textContent = shown === items.length
      ? "Alle " + items.length + " afwijkingen in dit rapport zijn te zien."
      : shown + " van de " + items.length + " afwijkingen in dit rapport zijn te zien.";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  form.reset();
}
// A link to a finding that the filter hides shows everything again.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest(".bevindingen");
  if (section && target.closest("[hidden]")) {
    section.querySelector("form.filter").reset();
    setTimeout(() => target.scrollIntoView(), 50);
  }
});
