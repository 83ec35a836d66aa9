/// The style sheet of report.html: both colour schemes, phones, and paper.
enum PageStyle {
  static let text = """
    :root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #ffffff;
      --panel: #f6f8fa; --line: #d1d9e0; --link: #0550ae; --good: #dafbe1; --bad: #ffebe9;
      --open: #ffe8c7; --sure: #aceebb; --badink: #a40e26; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #f0f6fc; --quiet: #9198a1; --paper: #0d1117; --panel: #151b23;
        --line: #3d444d; --link: #79c0ff; --good: #12261e; --bad: #3c1618; --open: #4a310c;
        --sure: #1c4428; --badink: #ff9492; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
      background: var(--paper); }
    header, main { max-width: 88rem; margin: 0 auto; padding: 1rem; }
    header { border-bottom: 6px solid var(--sure); }
    header.bad { border-bottom-color: var(--badink); }
    h1, h2, h3 { line-height: 1.2; margin: 1.2em 0 0.5em; }
    h1 { margin-top: 0.2em; }
    a { color: var(--link); }
    a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible,
    summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.5rem; }
    nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
    .version, small, caption { color: var(--quiet); }
    code { font: 0.9em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
    .wide { overflow-x: auto; }
    figure { margin: 1em 0; }
    table { border-collapse: collapse; font-size: 0.9rem; margin: 0.75rem 0; min-width: 40rem; }
    caption { text-align: left; padding: 0.25rem 0; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem;
      border: 1px solid var(--line); font-weight: normal; }
    thead th { background: var(--panel); font-weight: 600; }
    /* Scrolled sideways, a row still says what it is about; collapsed borders stay behind. */
    table.matrix tr > :first-child { position: sticky; left: 0; min-width: 7.5rem;
      box-shadow: inset -1px 0 var(--line); }
    table.matrix th[scope=row] { background: var(--paper); }
    #scenario-table th[scope=row] { min-width: 15rem; }
    td.number { text-align: right; white-space: nowrap; }
    td.ok { background: var(--good); }
    td.sure { background: var(--sure); }
    td.bad { background: var(--bad); color: var(--badink); font-weight: 600; }
    td.open { background: var(--open); }
    td.empty { color: var(--quiet); }
    .filter { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
    .filter[hidden], .stepper[hidden] { display: none; }
    input, select, button { font: inherit; color: inherit; background: var(--panel);
      border: 1px solid var(--line); border-radius: 6px; padding: 0.25rem 0.6rem; }
    .stepper { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center;
      margin-top: 0.5rem; }
    .stepper .parts { flex: 1 0 100%; }
    input[type=range] { padding: 0; flex: 0 1 36rem; min-width: 8rem; }
    .failure { border: 1px solid var(--line); border-left: 6px solid var(--line);
      border-radius: 6px; padding: 0.25rem 1rem 1rem; margin: 1rem 0; }
    .failure.bad { border-left-color: var(--badink); }
    .sentence { font-weight: 600; }
    .command code { background: var(--panel); padding: 0.2rem 0.4rem; border-radius: 4px; }
    summary { cursor: pointer; padding: 0.3rem 0; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; }
    dd { margin: 0; overflow-wrap: anywhere; }
    .parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr));
      gap: 0.75rem; align-items: start; }
    .part { border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.7rem;
      min-width: 0; }
    .part.changed { border-color: var(--link); border-width: 2px; }
    .part h4 { margin: 0 0 0.2rem; font-size: 0.85rem; color: var(--quiet); }
    .part div { font: 0.8rem/1.4 ui-monospace, Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    mark { background: var(--open); color: inherit; }
    @media (max-width: 40rem) {
      header, main { padding: 0.5rem; }
      body { font-size: 15px; }
      dl { grid-template-columns: 1fr; }
      .stepper label, .stepper output { flex: 1 0 100%; }
      .stepper input[type=range] { flex: 1 1 8rem; }
      .failure { padding: 0.25rem 0.5rem 0.75rem; }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

    """

  /// The rules of the pictures, for pictures only.
  static let pictures: String =
    SVGText.rules.split(separator: "\n").map { line in
      let rule = line.drop { $0 == " " }
      guard let brace = rule.firstIndex(of: "{"), !rule.hasPrefix("@"), !rule.hasPrefix("}") else {
        return String(rule)
      }
      let selectors = rule[..<brace].split(separator: ",").map { selector in
        ".spacetime " + selector.drop { $0 == " " }
      }
      return selectors.joined(separator: ", ") + rule[brace...]
    }.joined(separator: "\n") + "\n"
}
