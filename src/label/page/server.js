// What the page asks of the program that serves it, and answers that were not saved yet.
const server = (function () {
  "use strict";
  const TIMEOUT_MS = 20000;
  // The command that serves this page.
  const command = "`" + document.body.dataset.command + "`";
  const token = new URLSearchParams(location.search).get("token") || "";

  // Why a request did not do what it should; `status` is null where no reply came.
  class Refused extends Error {
    constructor(words, status) {
      super(words);
      this.status = status;
    }
  }
  const NO_REPLY = "The program does not answer. Start " + command + " again as before, and open the address that it "
    + "prints in this tab.";
  const OLD_ADDRESS = "The program does not take this address any more. Open the address that " + command + " printed "
    + "last in this tab.";

  // Sends a request, and reads the reply in full before it counts.
  const ask = async (method, path, body) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    const headers = { "x-lacuna-token": token };
    if (body !== undefined) headers["content-type"] = "application/json";
    let reply;
    let value = null;
    try {
      reply = await fetch("/api/" + path, { method, headers, body: JSON.stringify(body), signal: stop.signal,
        cache: "no-store", credentials: "omit", redirect: "error" });
      const text = await reply.text();
      try { value = JSON.parse(text); } catch (error) { /* not JSON: said below */ }
    } catch (error) {
      throw new Refused(NO_REPLY, null);
    } finally {
      clearTimeout(timer);
    }
    if (reply.status === 403) throw new Refused(OLD_ADDRESS, 403);
    if (!reply.ok) {
      const words = value && value.error ? String(value.error) : "the program replied " + reply.status;
      throw new Refused(words.charAt(0).toUpperCase() + words.slice(1) + ".", reply.status);
    }
    if (value === null) throw new Refused("The program's reply could not be read.", reply.status);
    return value;
  };

  return { ask };
})();

// The answer of a position that was begun and not saved stays in this tab, so that a reload loses nothing.
const drafts = (function () {
  "use strict";
  let prefix = "";
  const store = (work) => {
    try { return work(sessionStorage); } catch (error) { return null; /* no storage: for now only */ }
  };
  // FNV-1a over the texts: a draft is taken for the task that it was begun on, and for no other.
  const print = (task) => {
    let hash = 0x811c9dc5;
    const text = JSON.stringify([task.prompt, task.response]);
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return (hash >>> 0).toString(16) + "-" + text.length;
  };
  const open = (session) => { prefix = "lacuna-draft:" + session.mode + ":" + session.rater + ":"; };
  const keep = (task, answer) => {
    const draft = JSON.stringify({ print: task.print, answer });
    store((kept) => kept.setItem(prefix + task.position, draft));
  };
  const drop = (position) => store((kept) => kept.removeItem(prefix + position));
  const read = (task) => store((kept) => {
    const draft = JSON.parse(kept.getItem(prefix + task.position));
    if (draft && draft.print === task.print) return draft.answer;
    if (draft) kept.removeItem(prefix + task.position);
    return null;
  });
  const positions = () => store((kept) => Object.keys(kept).filter((key) => key.startsWith(prefix))
    .map((key) => Number(key.slice(prefix.length)))) || [];
  // Whether this tab did something for the first time.
  const once = (what) => store((kept) => {
    const key = "lacuna-once:" + prefix + what;
    const first = kept.getItem(key) === null;
    kept.setItem(key, "done");
    return first;
  });
  return { open, print, keep, drop, read, positions, once };
})();
