/// The script of report.html: filters, copy buttons, and the slider of each failure.
enum PageScript {
  static let text = """
    "use strict";
    (() => {
      const form = document.querySelector(".filter");
      const text = document.getElementById("filter-text");
      const kind = document.getElementById("filter-kind");
      const count = document.getElementById("filter-count");
      const rows = [...document.querySelectorAll("#scenario-table tbody tr")];
      const filter = () => {
        const words = text.value.toLowerCase().split(" ").filter((word) => word);
        let shown = 0;
        for (const row of rows) {
          const content = row.textContent.toLowerCase();
          const fits = words.every((word) => content.includes(word))
            && (!kind.value || row.dataset.kind === kind.value);
          row.hidden = !fits;
          if (fits) shown += 1;
        }
        count.textContent = shown + " of " + rows.length;
      };
      form.hidden = false;
      form.addEventListener("submit", (event) => event.preventDefault());
      text.addEventListener("input", filter);
      kind.addEventListener("change", filter);
      filter();

      for (const button of document.querySelectorAll("button.copy")) {
        button.addEventListener("click", async () => {
          const area = document.createElement("textarea");
          area.value = button.dataset.copy;
          document.body.append(area);
          area.select();
          let isCopied = document.execCommand("copy");
          area.remove();
          button.focus();
          if (!isCopied && navigator.clipboard) {
            try {
              // A browser that may not write there does not always say so.
              const late = new Promise((_, refuse) => setTimeout(refuse, 400));
              await Promise.race([navigator.clipboard.writeText(button.dataset.copy), late]);
              isCopied = true;
            } catch { isCopied = false; }
          }
          button.textContent = isCopied ? "copied" : "select it by hand";
        });
      }

      const compare = new Intl.Collator("en", { numeric: true }).compare;
      const start = (stepper) => {
        const data = JSON.parse(document.getElementById(stepper.dataset.states).textContent);
        const range = stepper.querySelector("input");
        const output = stepper.querySelector("output");
        const parts = stepper.querySelector(".parts");
        const put = (state, lines) => {
          for (const [part, path, text] of lines) {
            if (text === null) state[part].delete(path); else state[part].set(path, text);
          }
        };
        const show = () => {
          const done = Number(range.value);
          const state = data.parts.map(() => new Map());
          put(state, data.initial);
          for (const step of data.steps.slice(0, done)) put(state, step.changes);
          const last = done > 0 ? data.steps[done - 1] : null;
          const changed = new Set((last ? last.changes : []).map((line) => line[0] + " " + line[1]));
          const changedParts = new Set((last ? last.changes : []).map((line) => line[0]));
          output.textContent = last
            ? done + " of " + data.steps.length + ", " + last.time + ": " + last.text
            : "0 of " + data.steps.length + ": before the first step";
          const boxes = [];
          data.parts.forEach((name, index) => {
            if (state[index].size === 0 && !changedParts.has(index)) return;
            const box = document.createElement("section");
            box.className = changedParts.has(index) ? "part changed" : "part";
            const title = document.createElement("h4");
            title.textContent = name;
            box.append(title);
            for (const path of [...state[index].keys()].sort(compare)) {
              const line = document.createElement("div");
              const label = (path ? path + ": " : "") + state[index].get(path);
              const inner = document.createElement(changed.has(index + " " + path) ? "mark" : "span");
              inner.textContent = label;
              line.append(inner);
              box.append(line);
            }
            if (state[index].size === 0) {
              const line = document.createElement("div");
              line.innerHTML = "<mark>nothing is left</mark>";
              box.append(line);
            }
            boxes.push(box);
          });
          parts.replaceChildren(...boxes);
        };
        const move = (by) => { range.value = Number(range.value) + by; show(); };
        stepper.querySelector(".back").addEventListener("click", () => move(-1));
        stepper.querySelector(".next").addEventListener("click", () => move(1));
        range.addEventListener("input", show);
        stepper.hidden = false;
        show();
      };
      for (const details of document.querySelectorAll(".failure details")) {
        const stepper = details.querySelector(".stepper");
        if (!stepper) continue;
        // Nobody looks into most of them.
        const open = () => {
          if (details.open && stepper.hidden) start(stepper);
        };
        details.addEventListener("toggle", open);
        open();
      }
      const reveal = () => {
        const target = location.hash && document.getElementById(location.hash.slice(1));
        const details = target && target.querySelector("details");
        if (details) details.open = true;
      };
      addEventListener("hashchange", reveal);
      reveal();
    })();

    """
}
