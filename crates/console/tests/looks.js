const width = arguments[0];
const wrong = [];
const name = (it) => {
  const classes = typeof it.className === "string" && it.className
    ? "." + it.className.trim().replace(/\s+/g, ".") : "";
  const text = (it.innerText ?? "").replace(/\s+/g, " ").trim().slice(0, 40);
  return `${it.tagName.toLowerCase()}${classes} "${text}"`;
};
// What moves sideways under a finger may be longer than the screen.
const scrolls = (it) => it.closest(".scroll, .tabs, .code, textarea, pre") !== null;

if (document.documentElement.scrollWidth > width) {
  wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
}
for (const it of document.querySelectorAll("body *")) {
  const box = it.getBoundingClientRect();
  const style = getComputedStyle(it);
  // What is folded away has a shape, too, but nobody sees it.
  const shown = it.checkVisibility({ visibilityProperty: true });
  if (!shown || box.width < 2 || box.height < 2) continue;
  if (it.closest(".visually-hidden, .skip, svg, dialog:not([open])")) continue;
  if ((box.right > width + 1 || box.left < -1) && !scrolls(it)) {
    wrong.push(`${name(it)} leaves the screen: ${Math.round(box.left)} to ${Math.round(box.right)}`);
  }
  const cut = it.scrollWidth > it.clientWidth + 1 && style.overflowX !== "visible"
    && style.textOverflow !== "ellipsis" && it.clientWidth > 0;
  if (cut && !scrolls(it) && !it.matches("input, select")) {
    wrong.push(`${name(it)} is cut: ${it.scrollWidth} px in ${it.clientWidth}`);
  }
  // Words in a button or badge stay on as many lines as they need, inside it.
  if (it.matches(".button, .badge, .tag, th, td") && style.overflowX === "visible"
      && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0 && !scrolls(it)) {
    wrong.push(`${name(it)} spills over: ${it.scrollWidth} px in ${it.clientWidth}`);
  }
  if (width < 500 && it.matches("a.button, button, summary, select, input:not([type=hidden])")) {
    const target = it.matches("input[type=checkbox], input[type=radio]")
      ? (it.closest(".field-check, .choose") ?? it).getBoundingClientRect() : box;
    if (target.height < 36) wrong.push(`${name(it)} is ${Math.round(target.height)} px high`);
  }
}
return [...new Set(wrong)].slice(0, 12);
