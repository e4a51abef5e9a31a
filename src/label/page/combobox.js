// The mechanism: a free text beside a list of what the card offers.
const combobox = (offered, leave, write) => {
  "use strict";
  const input = document.getElementById("mechanism");
  const list = document.getElementById("offered");
  let shown = [];
  let at = -1;
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (text) => {
    input.value = text;
    write();
    close();
    leave();
  };
  const mark = (place) => {
    at = place;
    Array.from(list.children).forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", list.children[at].id);
    const option = list.children[at];
    list.scrollTop = Math.max(option.offsetTop - list.offsetTop - list.clientHeight + option.offsetHeight + 4, 0);
  };
  const open = () => {
    const text = input.value.trim().toLowerCase();
    const whole = offered.some((name) => name.toLowerCase() === text);
    shown = offered.filter((name) => whole || name.toLowerCase().includes(text));
    if (!shown.length) { close(); return; }
    list.replaceChildren(...shown.map((name, index) => {
      const attributes = { role: "option", id: "offered-" + index, "aria-selected": "false" };
      const option = texts.element("li", texts.visible(name), attributes);
      // Before the field loses the focus.
      option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(name); });
      return option;
    }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
    form.reveal(list);
  };
  const step = (by) => {
    if (list.hidden) open();
    if (!list.hidden) mark((at + by + shown.length + (at < 0 && by < 0 ? 1 : 0)) % shown.length);
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      if (at >= 0) pick(shown[at]);
      else { close(); leave(); }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  if (!offered.length) return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "offered");
  input.addEventListener("focus", open);
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  close();
};
