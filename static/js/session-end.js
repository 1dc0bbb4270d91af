// Before a session ends it says so, and when it has ended it keeps the page and its text until one has signed in again.
"use strict";

(() => {
  const here = document.currentScript.dataset;
  const WARN = 5 * 60; // seconds before the end
  const LOOK = 15; // seconds between two looks at the clock
  const tabs = new BroadcastChannel("newsportal-session");
  let end = Date.now() + Number(here.left) * 1000;
  let last = Date.now() + Number(here.most) * 1000; // the end that no click moves
  let banner = null;
  let dialog = null;
  let asking = false;

  const seconds = () => Math.max(0, Math.round((end - Date.now()) / 1000));

  function element(tag, words, more = {}) {
    const made = Object.assign(document.createElement(tag), { textContent: words });
    for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
    return made;
  }

  // Asking is not doing something: only a click on 继续 makes the session longer.
  async function ask(method = "GET") {
    const headers = method === "POST" ? { "X-CSRFToken": token() } : {};
    const answer = await fetch(here.state, { method, headers, cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    learn(await answer.json());
  }

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  function learn(state) {
    const same = state.user === here.user;
    end = same ? Date.now() + state.left * 1000 : 0;
    last = same ? Date.now() + state.most * 1000 : 0;
    if (same) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = state.token;
    show(state.user);
  }

  // Another tab may have made it longer or signed in again, so the server is asked before anything is said.
  async function look() {
    if (asking || (seconds() > WARN && !banner && !dialog)) return;
    asking = true;
    try {
      await ask();
    } catch {
      show(); // no network: by one's own clock
    } finally {
      asking = false;
    }
  }

  function show(user = here.user) {
    const left = seconds();
    if (left > WARN) return clear();
    if (left > 0) return warn(left);
    return ended(user);
  }

  function clear() {
    banner?.remove();
    dialog?.close();
    dialog?.remove();
    banner = dialog = null;
  }

  function warn(left) {
    dialog?.close();
    dialog?.remove();
    dialog = null;
    const minutes = Math.ceil(left / 60);
    const final = last - end < 1000;
    const words = final
      ? `登录快满 12 小时了，还有 ${minutes} 分钟就要重新登录。请先保存。`
      : `很久没有操作了，还有 ${minutes} 分钟登录就要过期。`;
    if (!banner) {
      banner = element("div", "", { class: "session-banner", role: "alert" });
      banner.append(element("span", ""), element("button", "继续", { type: "button", class: "button" }));
      banner.lastChild.addEventListener("click", carryOn);
      document.body.append(banner);
    }
    if (banner.firstChild.textContent !== words) banner.firstChild.textContent = words;
    banner.lastChild.hidden = final;
  }

  async function carryOn() {
    try {
      await ask("POST");
      tabs.postMessage("changed");
    } catch {
      banner.firstChild.textContent = "没能继续：连不上服务器。请先把写好的内容复制下来，再试一次。";
    }
  }

  function ended(user) {
    banner?.remove();
    banner = null;
    if (!dialog) {
      dialog = element("dialog", "", { class: "session-ended", "aria-labelledby": "session-ended" });
      const again = element("a", "在新标签页重新登录", { href: here.signIn, target: "_blank", class: "button" });
      const close = element("button", "先看看这一页", { type: "button", class: "button cancel" });
      close.addEventListener("click", () => dialog.close());
      const buttons = element("p", "", { class: "panel-buttons" });
      buttons.append(again, close);
      dialog.append(element("h2", "登录已过期", { id: "session-ended" }), element("p", ""), buttons);
      document.body.append(dialog);
      dialog.showModal();
    }
    const other = user && user !== here.user;
    dialog.querySelector("p").textContent = other
      ? "现在登录的是另一个账号。这一页上写的还在，请换回原来的账号登录，再保存。"
      : "这一页上写的都还在。请在新标签页重新登录，再回到这里保存。";
  }

  // A form that is sent after the end would be answered by the sign-in page: first sign in, then send it.
  document.addEventListener("submit", (event) => {
    if (seconds() > 0 || event.target.method !== "post") return;
    event.preventDefault();
    ended();
    if (!dialog.open) dialog.showModal();
  });
  tabs.addEventListener("message", () => ask().catch(() => {}));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  setInterval(look, LOOK * 1000);
  tabs.postMessage("changed"); // this page was loaded: that was an action, and perhaps a new sign-in
})();
