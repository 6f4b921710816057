// What a person finds on a page by the words it shows. Each returns an element or null.
const isShown = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
};
const plain = (text) => text.replace(/\s+/g, " ").trim();
const words = () => plain(document.body ? document.body.innerText : "");

// The one that says exactly this, else the first that begins so. Days are written with spaces that
// do not break; who looks for one need not know.
const byWords = (elements, sought, said) => {
  const text = plain(sought);
  const shown = [...elements].filter(isShown);
  return shown.find((it) => said(it) === text)
    ?? shown.find((it) => said(it).startsWith(text))
    ?? null;
};

// In an open dialog, if there is one; a button before a link that says the same.
const pressable = (sought) => {
  const text = plain(sought);
  const within = document.querySelector("dialog[open]") ?? document;
  const said = (it) => plain(it.innerText) || it.ariaLabel || "";
  const buttons = within.querySelectorAll("main button");
  const all = within.querySelectorAll("a[href], button, summary");
  const exact = [...buttons].find((it) => isShown(it) && said(it) === text);
  const found = exact ?? byWords(all, text, said);
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  return found;
};

const labelled = (text, kinds) => {
  const label = byWords(document.querySelectorAll("label"), text, (it) => plain(it.innerText));
  const control = label?.control;
  if (control?.matches(kinds)) {
    control.scrollIntoView({ block: "center", behavior: "instant" });
    return control;
  }
  return null;
};
const field = (text) => labelled(text, "input:not([type=checkbox], [type=radio]), textarea");
const box = (text) => labelled(text, "input[type=checkbox], input[type=radio]")
  ?? [...document.querySelectorAll("input[type=checkbox], input[type=radio]")]
    .find((it) => isShown(it) && it.ariaLabel?.startsWith(text))
  ?? null;

const choose = (label, text) => {
  const list = labelled(label, "select");
  const entry = list && [...list.options].find((it) => plain(it.text) === plain(text));
  if (!entry) return null;
  list.value = entry.value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};

const setDay = (input, day) => {
  if (input.type !== "date") return false;
  input.value = day;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};
