"use strict";
// Makes long tables searchable and sortable. Without this script they are whole and in a sensible order.
const compare = new Intl.Collator("nl", { numeric: true, sensitivity: "base" }).compare;
for (const table of document.querySelectorAll("table.sorteer")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.waarde;
    if (raw === undefined) return cell.textContent.trim();
    return raw === "" ? null : Number(raw);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row, place) => ({ row, place, value: key(row, column) }));
      keyed.sort((a, b) => {
        // What is unknown stays below, whichever way.
        if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.place - b.place;
        const order = typeof a.value === "number" && typeof b.value === "number" ? a.value - b.value : compare(String(a.value), String(b.value));
        return (down ? -order : order) || a.place - b.place;
      });
      body.append(...keyed.map((item) => item.row));
    });
  });
  const form = document.querySelector("form.zoek[data-tabel='" + table.id + "']");
  if (!form) continue;
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => texts.get(row).includes(word));
      if (!row.hidden) shown += 1;
    }
    status.textContent = words.length ? shown + " van " + rows.length + " te zien" : rows.length + (rows.length === 1 ? " regel" : " regels");
  };
  form.addEventListener("input", search);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  search();
}
