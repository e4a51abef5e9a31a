// Tables: any column sorts; long ones are built when they are opened, and filtered by a word.
(function () {
  "use strict";
  const value = (cell) => {
    const key = cell.dataset.sort;
    if (key === "") return null;
    const text = key === undefined ? cell.textContent.trim() : key;
    if (text === "") return null;
    const number = Number(text);
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  // Numbers before words; what has no value last, whichever the direction.
  const compare = (one, other, sign) => {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return one === other ? 0 : (one < other ? -sign : sign);
  };
  const sortBy = (table, column) => {
    const heads = table.tHead.rows[0].cells;
    const rising = heads[column].getAttribute("aria-sort") !== "ascending";
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", rising ? "ascending" : "descending");
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row, index) => ({ row, index, key: value(row.cells[column]) }));
    keyed.sort((a, b) => compare(a.key, b.key, rising ? 1 : -1) || a.index - b.index);
    body.append(...keyed.map((entry) => entry.row));
  };
  const makeSortable = (table) => {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, column));
    });
  };
  document.querySelectorAll("table.sortable").forEach(makeSortable);

  const source = document.getElementById("tables-data");
  if (!source) return;
  const tables = JSON.parse(source.textContent);
  const build = (details, data) => {
    const box = document.createElement("div");
    box.className = "wide";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.name);
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const heading of data.headings) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = heading;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of data.rows) {
      const line = body.insertRow();
      for (const cell of row) line.insertCell().textContent = cell;
    }
    makeSortable(table);
    box.append(table);
    const label = document.createElement("label");
    label.textContent = "Only rows with ";
    const input = document.createElement("input");
    input.type = "search";
    label.append(input);
    input.addEventListener("input", () => {
      const word = input.value.toLowerCase();
      for (const line of body.rows) line.hidden = !line.textContent.toLowerCase().includes(word);
    });
    details.append(label, box);
  };
  document.querySelectorAll("details[data-table]").forEach((details) => {
    details.addEventListener("toggle", () => {
      if (details.open && details.dataset.built === undefined) {
        details.dataset.built = "";
        build(details, tables[Number(details.dataset.table)]);
      }
    });
  });
})();
