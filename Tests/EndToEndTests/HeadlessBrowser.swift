import Foundation
import Testing

/// A Chromium that shows nothing on a screen, where one is installed.
struct HeadlessBrowser {
  /// How a page is looked at.
  struct View {
    var name: String
    /// In CSS pixels.
    var width: Int
    var height: Int
    var isDark: Bool

    static let all = [
      View(name: "light", width: 1300, height: 2000, isDark: false),
      View(name: "dark", width: 1300, height: 2000, isDark: true),
      View(name: "phone-light", width: 390, height: 2600, isDark: false),
      View(name: "phone-dark", width: 390, height: 2600, isDark: true),
    ]
  }

  private let path: String

  /// `nil`, and says so, if there is no Chromium.
  init?() throws {
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    guard let path = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      print("SKIPPED: no Chromium is installed, so report.html was not opened in a browser")
      return nil
    }
    self.path = path
  }

  /// Where pictures are kept: the folder that `CRASHPROOF_PICTURES` names, made if it is missing,
  /// or else `temporary`.
  static func pictureFolder(or temporary: String) throws -> String {
    guard let named = ProcessInfo.processInfo.environment["CRASHPROOF_PICTURES"], !named.isEmpty
    else { return temporary }
    try FileManager.default.createDirectory(atPath: named, withIntermediateDirectories: true)
    return named
  }

  /// What the page's script has posted to its parent.
  ///
  /// The page stands in a frame: no window is narrower than 500 pixels unless a picture is taken.
  func answer(_ page: String, _ view: View) throws -> [String: Any] {
    let frame = """
      <!DOCTYPE html><meta name="color-scheme" content="light dark">
      <iframe src="file://\(page)" width="\(view.width)" height="\(view.height)"
        style="border: 0"></iframe>
      <script>
      addEventListener("message", (event) => {
        const result = document.createElement("pre");
        result.id = "seen";
        result.textContent = event.data;
        document.body.append(result);
      });
      </script>
      """
    let file = page + ".\(view.name).html"
    try Data(frame.utf8).write(to: URL(fileURLWithPath: file))
    let dump = try run(["--dump-dom", "file://\(file)"], view)
    let start = try #require(dump.range(of: "<pre id=\"seen\">"), "the page did not answer")
    let end = try #require(dump.range(of: "</pre>", range: start.upperBound..<dump.endIndex))
    return try object(String(dump[start.upperBound..<end.lowerBound]))
  }

  func picture(_ page: String, _ view: View, to file: String) throws {
    _ = try run(["--screenshot=\(file)", "file://\(page)"], view)
  }

  /// Runs the browser to its end.
  /// - Returns: what it wrote.
  private func run(_ arguments: [String], _ view: View) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments =
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--window-size=\(view.width),\(view.height)", "--virtual-time-budget=5000",
        // 0 is dark, 1 is light.
        "--blink-settings=preferredColorScheme=\(view.isDark ? 0 : 1)",
      ] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

/// The size of a picture, in pixels.
struct PictureSize: Equatable {
  var width: Int
  var height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// From the first 24 bytes of a PNG: signature, then the chunk IHDR, which begins with both
  /// numbers, high bytes first. `nil` if they are something else.
  init?(png bytes: [UInt8]) {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.count >= 24, bytes.starts(with: signature),
      bytes[12..<16].elementsEqual("IHDR".utf8)
    else { return nil }
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    self.init(width: number(16), height: number(20))
  }
}
