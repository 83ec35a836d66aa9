import Foundation
import Testing

/// A real browser opens report.html, and a script in the page does what a person would do.
@Suite("report.html in a browser")
struct BrowserTests {
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
      seen.width = innerWidth;
      seen.fits = document.scrollingElement.scrollWidth <= innerWidth;
      seen.paper = getComputedStyle(document.body).backgroundColor;
      seen.ink = getComputedStyle(document.body).color;
      parent.postMessage(JSON.stringify(seen), "*");
    });
    </script></body>
    """

  @Test("filter, failure, slider and copy button work, also at the width of a phone")
  func visit() throws {
    guard let browser = try HeadlessBrowser() else { return }
    let page = try Self.page(with: Self.visitor)
    for view in HeadlessBrowser.View.all {
      let seen = try browser.answer(page.path + "/page.html", view)
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
      #expect(seen["width"] as? Int == view.width, "\(view.name)")
      #expect(seen["fits"] as? Bool == true, "the page is wider than \(view.name)")
      let paper = try #require(Self.brightness(seen["paper"]), "\(view.name)")
      let ink = try #require(Self.brightness(seen["ink"]), "\(view.name)")
      // Of 765: the scheme is followed, and text stands out.
      #expect(view.isDark ? paper < 200 : paper > 565, "\(view.name)")
      #expect(abs(paper - ink) > 380, "\(view.name)")
    }
  }

  @Test("a page that is wider than a phone is seen to be wider")
  func wideElement() throws {
    guard let browser = try HeadlessBrowser() else { return }
    let wide = "<div style=\"width: 500px\">wide</div>" + Self.visitor
    let page = try Self.page(with: wide)
    let seen = try browser.answer(
      page.path + "/page.html", .init(name: "phone", width: 390, height: 900, isDark: false))
    #expect(seen["fits"] as? Bool == false)
  }

  @Test("pictures of the page in both colour schemes and at the width of a phone")
  func pictures() throws {
    guard let browser = try HeadlessBrowser() else { return }
    let page = try Self.page(with: "</body>")
    let folder = try HeadlessBrowser.pictureFolder(or: page.path)
    var pictures: Set<Data> = []
    for view in HeadlessBrowser.View.all {
      let path = folder + "/report-\(view.name).png"
      try browser.picture(page.path + "/page.html", view, to: path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let size = try #require(PictureSize(png: Array(bytes.prefix(24))), "\(path)")
      #expect(size == PictureSize(width: view.width, height: view.height), "\(view.name)")
      // A blank picture of this size has about 10 kB.
      #expect(bytes.count > 30_000, "\(view.name)")
      #expect(pictures.insert(bytes).inserted, "\(view.name) looks like another one")
    }
  }

  @Test("only a PNG has the size of one")
  func pictureSizes() {
    let start: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    let header = start + Array("IHDR".utf8) + [0, 0, 1, 134, 0, 0, 2, 88]
    #expect(PictureSize(png: header) == PictureSize(width: 390, height: 600))
    #expect(PictureSize(png: Array(header.dropLast())) == nil)
    #expect(PictureSize(png: [0x88] + header.dropFirst()) == nil)
  }

  /// A report with a failure as page.html, in which `end` stands for the end of the body.
  private static func page(with end: String) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("passing.json5", Example.passing)
    try folder.write("failing.json5", Example.failing)
    _ = try Tool.run("run", "passing.json5", "failing.json5", in: folder)
    let page = try folder.read("Reports/report.html").replacingOccurrences(of: "</body>", with: end)
    try folder.write("page.html", page)
    return folder
  }

  /// Red, green and blue of `rgb(1, 2, 3)`, added up: 0 to 765.
  private static func brightness(_ color: Any?) -> Int? {
    guard let text = color as? String else { return nil }
    let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
    return parts.count == 3 ? parts.reduce(0, +) : nil
  }
}
