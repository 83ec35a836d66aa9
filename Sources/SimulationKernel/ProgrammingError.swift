#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which run a check belongs to, for the message of a failed one.
public struct RunContext: Sendable {
  public var seed: UInt64
  public var time: VirtualTime

  public init(seed: UInt64, time: VirtualTime) {
    self.seed = seed
    self.time = time
  }
}

/// Ends the process with exit code 70 because CrashProof itself is wrong. Never called for what a
/// protocol, a scenario or an input does.
public func programmingError(
  _ message: @autoclosure () -> String, _ context: RunContext? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> Never {
  var text = "\(file):\(line): internal error: \(message())"
  if let context { text += " (seed \(context.seed), virtual time \(context.time))" }
  text += "\n"
  text.withCString { pointer in
    var remaining = strlen(pointer)
    var next = UnsafeRawPointer(pointer)
    while remaining > 0 {
      let written = write(2, next, remaining)
      if written <= 0 { break }
      remaining -= written
      next += written
    }
  }
  exit(70)
}

/// Checks what must hold if CrashProof is right, in every build.
@inlinable
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, _ context: RunContext? = nil,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { programmingError(message(), context, file: file, line: line) }
}
