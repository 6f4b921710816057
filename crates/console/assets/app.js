// Makes pages quicker; every page works without it.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("script");

  // A row of tabs that is longer than the screen begins at the one that is shown.
  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) {
    const tabs = tab.closest(".tabs");
    const [inner, outer] = [tab.getBoundingClientRect(), tabs.getBoundingClientRect()];
    if (inner.right > outer.right) tabs.scrollLeft += inner.right - outer.right;
  }

  const on = (type, act) => document.addEventListener(type, act);

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const words = button.querySelector("span");
    if (!source || !words) return;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      // No permission: select it, so that the person can copy by hand.
      getSelection().selectAllChildren(source);
      return;
    }
    const before = words.textContent;
    words.textContent = button.dataset.done;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { words.textContent = before; }, 2000);
  }

  on("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const copyButton = at("[data-copy]");
    if (copyButton) copy(copyButton);
    const opener = at("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (at("[data-close]")) at("dialog")?.close();
    if (event.target.tagName === "DIALOG") event.target.close();
    if (at("[data-print]")) print();
    const share = at("[data-share]");
    if (share) {
      const url = document.getElementById(share.dataset.share)?.textContent.trim();
      navigator.share({ url }).catch(() => {});
    }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Lists answer at once when a choice is made; typing waits for Enter.
  on("change", (event) => {
    const form = event.target.closest("form[data-submit]");
    if (form && event.target.type !== "search") form.requestSubmit();
    const bulk = event.target.closest("form[data-bulk]");
    if (bulk) count(bulk, event.target);
  });

  function count(form, changed) {
    const rows = [...form.querySelectorAll("input[name=id]")];
    const all = form.querySelector("[data-all]");
    if (changed === all) for (const row of rows) row.checked = all.checked;
    const chosen = rows.filter((row) => row.checked).length;
    if (all) {
      all.checked = chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
    const words = form.querySelector("[data-bulk-count]");
    words.dataset.before ??= words.textContent;
    words.textContent = chosen
      ? `${words.dataset.bulkCount} ${chosen}`
      : words.dataset.before;
  }

  if (!navigator.share) {
    for (const button of document.querySelectorAll("[data-share]")) button.remove();
  }
})();
