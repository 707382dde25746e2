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

  function takeName(choice) {
    const select = choice.closest(".select2")?.previousElementSibling;
    const label = select?.labels?.[0]?.textContent.trim();
    if (!label) return;
    choice.setAttribute("aria-label", label);
    choice.removeAttribute("aria-labelledby");
  }

  window.addEventListener("load", () => {
    for (const choice of document.querySelectorAll(".select2 [role=combobox]")) takeName(choice);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[x-on\\:click]")) {
      if (!element.matches(NATIVE) && !element.querySelector(NATIVE)) becomeButton(element);
    }
    const content = document.getElementById("content");
    if (content) content.tabIndex = -1;
  });
})();
