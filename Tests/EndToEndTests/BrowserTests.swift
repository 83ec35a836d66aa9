import Foundation
import Testing

/// A real browser opens report.html, and a script in the page does what a person would do.
@Suite("report.html in a browser")
struct BrowserTests {
  /// Where a headless Chromium is; `nil` if there is none.
  static let browser: String? = [
    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  ].first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Clicks through filter, failure, slider and copy button, and writes down what it sees.
  private static let visitor = """
    <script>
    addEventListener("load", async () => {
      const seen = {};
      const rows = () => [...document.querySelectorAll("#scenario-table tbody tr")]
        .filter((row) => !row.hidden).length;
      const fire = (element, name) => element.dispatchEvent(new Event(name, { bubbles: true }));
      seen.all = rows();
      const kind = document.getElementById("filter-kind");
      kind.value = "bad"; fire(kind, "change");
      seen.bad = rows();
      kind.value = ""; fire(kind, "change");
      const text = document.getElementById("filter-text");
      text.value = "is well"; fire(text, "input");
      seen.text = rows();
      seen.count = document.getElementById("filter-count").textContent;
      text.value = ""; fire(text, "input");
      const failure = document.querySelector(".failure");
      const details = failure.querySelector("details");
      if (!details.open) { details.open = true; }
      await new Promise((resolve) => setTimeout(resolve, 50));
      const stepper = failure.querySelector(".stepper");
      seen.stepper = !stepper.hidden;
      const output = stepper.querySelector("output");
      const range = stepper.querySelector("input");
      range.value = 0; fire(range, "input");
      seen.start = output.textContent;
      stepper.querySelector(".next").click();
      seen.first = output.textContent;
      seen.marked = stepper.querySelectorAll(".part.changed").length > 0;
      range.value = range.max; fire(range, "input");
      seen.end = output.textContent.startsWith(range.max + " of " + range.max);
      const button = failure.querySelector("button.copy");
      button.click();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      seen.copy = button.textContent;
      seen.wide = document.documentElement.scrollWidth <= innerWidth;
      const result = document.createElement("pre");
      result.id = "seen";
      result.textContent = JSON.stringify(seen);
      document.body.append(result);
    });
    </script></body>
    """

  @Test("filter, failure, slider and copy button work, also at the width of a phone")
  func visit() throws {
    guard let browser = Self.browser else {
      print("SKIPPED: no Chromium is installed, so report.html was not opened in a browser")
      return
    }
    let folder = try TestFolder()
    try folder.write("passing.json5", Example.passing)
    try folder.write("failing.json5", Example.failing)
    _ = try Tool.run("run", "passing.json5", "failing.json5", in: folder)
    let page = try folder.read("Reports/report.html")
      .replacingOccurrences(of: "</body>", with: Self.visitor)
    try folder.write("page.html", page)
    for size in ["1300,900", "420,900"] {
      let dump = try Self.dump(browser, folder.path + "/page.html", size)
      let start = try #require(dump.range(of: "<pre id=\"seen\">"), "the page did not answer")
      let end = try #require(dump.range(of: "</pre>", range: start.upperBound..<dump.endIndex))
      let seen = try object(String(dump[start.upperBound..<end.lowerBound]))
      #expect(seen["all"] as? Int == 2)
      #expect(seen["bad"] as? Int == 1)
      #expect(seen["text"] as? Int == 1)
      #expect(seen["count"] as? String == "1 of 2")
      #expect(seen["stepper"] as? Bool == true)
      #expect((seen["start"] as? String)?.contains("before the first step") == true)
      #expect((seen["first"] as? String)?.contains("s1 starts") == true)
      #expect(seen["marked"] as? Bool == true)
      #expect(seen["end"] as? Bool == true)
      #expect(["copied", "select it by hand"].contains(seen["copy"] as? String ?? ""))
      #expect(seen["wide"] as? Bool == true, "the page is wider than \(size)")
    }
  }

  private static func dump(_ browser: String, _ path: String, _ size: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=\(size)",
      "--virtual-time-budget=5000", "--dump-dom", "file://\(path)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
