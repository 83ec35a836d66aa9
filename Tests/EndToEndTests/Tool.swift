import Foundation
import Testing

/// The built `crashproof` program, run as a process of its own.
struct Tool {
  /// How a process ended and what it wrote.
  struct Outcome {
    /// The exit code; 128 and the signal's number if a signal ended it.
    var code: Int32
    var out: String
    var err: String
    var timedOut = false
  }

  /// Beside the test bundle, where the package's products are built.
  static let path: String = {
    let beside = [
      Bundle.main.executableURL, URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath(),
      CommandLine.arguments.first.map { URL(fileURLWithPath: $0) },
    ]
    for case let url? in beside {
      var folder = url.deletingLastPathComponent()
      for _ in 0..<4 {
        let candidate = folder.appendingPathComponent("crashproof").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
          !isFolder.boolValue
        {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    return "crashproof"
  }()

  /// Runs the program to its end.
  /// - Parameter timeout: in seconds; the process is killed then.
  static func run(
    _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:],
    timeout: Double = 100
  ) throws -> Outcome {
    try RunningTool(arguments, in: folder, environment: environment).wait(timeout: timeout)
  }

  static func run(_ arguments: String..., in folder: TestFolder) throws -> Outcome {
    try run(arguments, in: folder)
  }
}

/// A process that has been started.
final class RunningTool {
  let id: pid_t
  private let outputs: [String]

  init(
    _ arguments: [String], in folder: TestFolder, environment: [String: String] = [:]
  ) throws {
    outputs = ["out", "err"].map { folder.hidden("\(UUID().uuidString).\($0)") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (index, path) in outputs.enumerated() {
      posix_spawn_file_actions_addopen(
        &actions, Int32(index + 1), path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    // Test threads block signals, and a process inherits that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    // Nothing of the caller's: no CI, no colours, no deterministic hashing.
    var words = environment
    words["PATH"] = "/usr/bin:/bin"
    words["SWIFT_BACKTRACE"] = "enable=no"
    if let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
      words["LD_LIBRARY_PATH"] = libraries
    }
    // The shell becomes the program: same process, same number.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, Tool.path]
    let argv = (shell + arguments).map { strdup($0) } + [nil]
    let envp = words.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in argv + envp { free(word) } }
    var id = pid_t()
    let error = posix_spawn(&id, "/bin/sh", &actions, &attributes, argv, envp)
    try #require(error == 0, "\(Tool.path)")
    self.id = id
  }

  func send(_ signal: Int32) { kill(id, signal) }

  func wait(timeout: Double = 100) throws -> Tool.Outcome {
    var status: Int32 = 0
    let end = Date().addingTimeInterval(timeout)
    var timedOut = false
    while waitpid(id, &status, timedOut ? 0 : WNOHANG) == 0 {
      usleep(2_000)
      if Date() > end {
        timedOut = true
        send(SIGKILL)
      }
    }
    let signal = status & 0x7f
    return Tool.Outcome(
      code: signal == 0 ? (status >> 8) & 0xff : 128 + signal, out: try text(outputs[0]),
      err: try text(outputs[1]), timedOut: timedOut)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}

/// A folder of its own for one test, removed with it.
final class TestFolder {
  let path: String
  private let outputs: String

  init() throws {
    let base = FileManager.default.temporaryDirectory.path + "/crashproof-\(UUID().uuidString)"
    path = base + "/work"
    outputs = base + "/outputs"
    for folder in [path, outputs] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
  }

  deinit {
    let base = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.removeItem(at: base)
  }

  func hidden(_ name: String) -> String { outputs + "/" + name }

  func write(_ name: String, _ text: String) throws {
    try write(name, Array(text.utf8))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
  }

  func json(_ name: String) throws -> [String: Any] { try object(try read(name)) }
}

/// A JSON document whose top is an object.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// Scenarios that end as their names say.
enum Example {
  static let passing = """
    { title: "All is well", protocol: "chain", faults: { crashes: 1, restarts: 1 },
      run: { seeds: 30 } }
    """
  static let failing = """
    { title: "Any server answers", protocol: "chain", variant: "CR-06",
      clients: { count: 3 }, run: { seeds: 40 } }
    """
  static let caught = """
    { title: "Any server answers, and is caught", protocol: "chain", variant: "CR-06",
      clients: { count: 3 }, run: { seeds: 40 }, expect: { violation: "split-brain" } }
    """
  static let undecided = """
    { title: "Too few steps", protocol: "chain", run: { seeds: 3, steps: 20 } }
    """
}
