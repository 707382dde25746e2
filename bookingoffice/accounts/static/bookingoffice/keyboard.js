/* The theme opens menus by a click on elements that no keyboard reaches: here they become buttons. Choices that are searched
   (Select2) are named by their value alone, which an empty one has not: here they get the name of their field. */
(() => {
  const NATIVE = "a[href], button, input, select, textarea, summary, label";

  function nameOf(element) {
    const action = element.getAttribute("x-on:click") || "";
    if (action.includes("sidebar")) return document.querySelector(".house-skip")?.dataset.menu || "Menu";
    return "";
  }

  function open(event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.currentTarget.click();
  }

  function becomeButton(element) {
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    const name = nameOf(element);
    if (name) element.setAttribute("aria-label", name);
    element.addEventListener("keydown", open);
  }

  /* A list with a search box (Select2) is built of elements that no label knows. */
  function takeName(select) {
    const built = select.nextElementSibling;
    const name = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.trim();
    if (!name || !built?.matches(".select2")) return;
    for (const part of built.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
      part.setAttribute("aria-label", name);
      part.removeAttribute("aria-labelledby");
    }
  }

  function takeNames() {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) takeName(select);
  }

  /* jQuery's own ready comes later than the document's, and in the order in which it was asked for: after those who build the lists. */
  window.addEventListener("load", () => {
    const jQuery = window.django?.jQuery;
    if (!jQuery) return;
    jQuery(takeNames);
    jQuery(document).on("formset:added", () => jQuery(takeNames));
    jQuery(document).on("select2:open", (event) => {
      const name = event.target.labels?.[0]?.textContent.trim();
      const box = document.querySelector(".select2-container--open .select2-search__field");
      if (name && box) box.setAttribute("aria-label", name);
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[x-on\\:click]")) {
      if (!element.matches(NATIVE) && !element.querySelector(NATIVE)) becomeButton(element);
    }
    const content = document.getElementById("content");
    if (content) content.tabIndex = -1;
  });
})();
