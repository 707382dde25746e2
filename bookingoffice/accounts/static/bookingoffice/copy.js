/* Beside a text, a button that copies it. Without a script there is no such button, and the text is selected by hand. */
for (const place of document.querySelectorAll("[data-copy]")) {
  const text = place.querySelector(".house-secret");
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "border border-base-200 cursor-pointer font-medium px-3 py-2 rounded-default text-important dark:border-base-700";
  button.textContent = place.dataset.copy;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    said.textContent = ""; // what stands there already is not read out again
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      said.textContent = place.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text); // no permission, or no https: one key away from copied
      said.textContent = place.dataset.selected;
    }
  });
  place.append(button, said);
}
