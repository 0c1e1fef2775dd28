// « Tout cocher », « Tout décocher » of each section, and how many rows are ticked.
for (const section of document.querySelectorAll("[data-section]")) {
  const cases = [...section.querySelectorAll("input[name=ligne]")];
  const compte = section.querySelector("[data-compte]");
  const compter = () => {
    const nombre = cases.filter((c) => c.checked).length;
    compte.textContent = `${nombre} sur ${cases.length}`;
  };
  section.querySelector("[data-tout-rien]").hidden = false;
  for (const bouton of section.querySelectorAll("[data-tout]")) {
    bouton.addEventListener("click", () => {
      for (const c of cases) c.checked = Boolean(bouton.dataset.tout);
      // One event is enough for the draft of the page.
      cases[0].dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  section.addEventListener("change", (event) => {
    // What is unticked goes with what stands under it; what is ticked, with what it stands under.
    const item = event.target.closest("li");
    if (event.target.name === "ligne" && event.isTrusted) {
      if (event.target.checked) {
        for (let li = item.parentElement.closest("li"); li; li = li.parentElement.closest("li"))
          li.querySelector("input").checked = true;
      } else {
        for (const c of item.querySelectorAll("input[name=ligne]")) c.checked = false;
      }
    }
    compter();
  });
  compter();
}
