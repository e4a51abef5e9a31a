// Texts of others on the page. A prompt or a response is hostile: it goes in as text, never as markup; a character that
// hides or reorders words stands by its number; a long text is cut in the view until the rater asks for all of it.
const texts = (function () {
  "use strict";
  // The characters that the report page shows by number too; the line feed and the tab stand as they are.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;
  // Characters shown at first, and characters of one block after that.
  const SHOWN = 20000;
  const BLOCK = 20000;
  // How far back a better place to cut is looked for.
  const LOOK_BACK = 2000;
  // Marks of hidden characters that get an element of their own in one block.
  const MOST_MARKS = 300;

  const element = (name, text, attributes) => {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = String(text);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    return made;
  };

  // `[U+202E]` for each character of a run, equal neighbours counted: `[U+202E × 12]`.
  const numbered = (run) => {
    const parts = [];
    for (const character of run) {
      const number = "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      const last = parts[parts.length - 1];
      if (last && last[0] === number) last[1] += 1;
      else parts.push([number, 1]);
    }
    const times = (count) => (count > 1 ? " \u00d7 " + count.toLocaleString("en") : "");
    return parts.map(([number, count]) => "[" + number + times(count) + "]").join("");
  };
  const lines = (text) => text.replace(/\r\n/g, "\n");
  // A short text, such as a name, in one piece.
  const visible = (text) => lines(String(text)).replace(HIDDEN, numbered);

  // Puts a text into an element, hidden characters marked.
  const put = (node, text) => {
    let from = 0;
    let marks = 0;
    for (const match of text.matchAll(HIDDEN)) {
      if (marks === MOST_MARKS) break;
      if (match.index > from) node.append(text.slice(from, match.index));
      node.append(element("span", numbered(match[0]), { class: "hidden-character" }));
      from = match.index + match[0].length;
      marks += 1;
    }
    node.append(marks === MOST_MARKS ? visible(text.slice(from)) : text.slice(from));
    return node;
  };

  // Where a block of about `size` characters from `from` ends: after a line, else after a word, never in a character.
  const blockEnd = (text, from, size) => {
    const end = from + size;
    if (end >= text.length) return text.length;
    for (const mark of ["\n", " "]) {
      const found = text.lastIndexOf(mark, end - 1);
      if (found >= end - LOOK_BACK && found >= from) return found + 1;
    }
    const unit = text.charCodeAt(end);
    return unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
  };
  const block = (text) => put(element("pre", null, { dir: "auto" }), text.endsWith("\n") ? text.slice(0, -1) : text);
  const characters = (text) => {
    let count = 0;
    for (const character of text) count += character.length > 0 ? 1 : 0;
    return count;
  };

  const showRest = (box, text, from) => {
    for (let start = from; start < text.length;) {
      const end = blockEnd(text, start, BLOCK);
      const part = block(text.slice(start, end));
      part.className = "later";
      box.append(part);
      start = end;
    }
  };

  // A text set apart, with its role where it is a message.
  const passage = (given, role) => {
    const text = lines(given);
    const box = element("div", null, { class: "passage" });
    if (role !== undefined) box.append(element("p", visible(role), { class: "role" }));
    if (text.trim() === "") {
      box.append(element("p", text === "" ? "Empty." : "Nothing but white space.", { class: "help" }));
      return box;
    }
    const end = blockEnd(text, 0, SHOWN);
    box.append(block(text.slice(0, end)));
    if (end === text.length) return box;
    const words = element("p", "The first " + characters(text.slice(0, end)).toLocaleString("en") + " of "
      + characters(text).toLocaleString("en") + " characters. ", { class: "help cut" });
    const button = element("button", "Show all", { type: "button" });
    button.addEventListener("click", () => {
      words.remove();
      showRest(box, text, end);
      const next = box.querySelector(".later");
      next.setAttribute("tabindex", "-1");
      next.focus({ preventScroll: true });
    });
    words.append(button);
    box.append(words);
    return box;
  };
  // A prompt or a response: one text, or messages with their roles.
  const passages = (text) => (typeof text === "string" ? [passage(text)]
    : text.map((message) => passage(message.content, message.role)));

  return { element, visible, put, passage, passages };
})();
