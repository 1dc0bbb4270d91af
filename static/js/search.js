// The search box suggests outlets and securities while one types; without this file it is a plain form.
"use strict";

const PAUSE = 150; // ms after the last letter
const SUGGESTIONS = document.currentScript.dataset.suggestions; // their address

function enhance(box) {
  const list = document.createElement("ul");
  const said = document.createElement("span");
  let chosen = -1;
  let timer = 0;

  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "建议");
  said.className = "unseen";
  said.setAttribute("role", "status");
  box.after(list, said);
  box.autocomplete = "off";
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ]) {
    box.setAttribute(name, value);
  }

  function close() {
    clearTimeout(timer);
    list.hidden = true;
    said.textContent = "";
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  }

  function choose(place) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = list.children[chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show([, labels, notes, addresses]) {
    close();
    list.replaceChildren(...labels.map((label, place) => offer(label, notes[place], addresses[place], place)));
    list.hidden = labels.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    if (labels.length) said.textContent = `${labels.length} 条建议，按上下键选`;
  }

  function offer(label, note, address, place) {
    const option = document.createElement("li");
    const small = document.createElement("small");
    option.id = `${list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    small.textContent = note;
    option.append(label, small);
    // The address names the portal as the world knows it; one stays where one is.
    option.dataset.path = address.replace(/^[a-z]+:\/\/[^/]+/i, "");
    return option;
  }

  // A module, not data: our policy of content allows scripts of ours, and need not allow any connection.
  async function ask() {
    const asked = box.value;
    try {
      const { default: found } = await import(`${SUGGESTIONS}?q=${encodeURIComponent(asked)}`);
      if (asked === box.value && document.activeElement === box) show(found);
    } catch {
      // No answer: the form works all the same.
    }
  }

  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    close();
    if (box.value.trim()) timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input")));
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close); // or it would stand open for who comes back
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") choose(chosen + 1 < count ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? count - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.path);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps its focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.path);
  });
}

document.querySelectorAll(".seek input[type=search]").forEach(enhance);
