import DiskSimulation
import InputText
import SimulationKernel

/// A disk program with the places of its file that its calls stand at.
struct LoadedDiskProgram: Sendable {
  var program: DiskProgram
  var callRanges: [SourceRange]
  var fileRanges: [SourceRange]

  /// The line of a call, counted from 1.
  func line(of call: Int) -> Int {
    callRanges.indices.contains(call) ? callRanges[call].start.line : 0
  }
}

/// Reads a disk program: a call a line, words separated by blanks, `#` starts a comment.
struct DiskProgramReader {
  private struct Word {
    var text: String
    var range: SourceRange
  }

  private static let operands: [(word: String, usage: String)] = [
    ("file", "NAME BLOCKS CHARACTER"), ("creat", "NAME"), ("mkdir", "NAME"), ("unlink", "NAME"),
    ("link", "NAME NEW-NAME"), ("rename", "NAME NEW-NAME"), ("truncate", "NAME SIZE"),
    ("write", "NAME OFFSET LENGTH CHARACTER"), ("fsync", "NAME"), ("print", ""),
  ]

  private var diagnostics: Diagnostics
  private var loaded = LoadedDiskProgram(
    program: DiskProgram(files: [], calls: []), callRanges: [], fileRanges: [])

  /// - Throws: `Diagnostics` with everything that is wrong with the file.
  static func read(_ file: SourceFile) throws(Diagnostics) -> LoadedDiskProgram {
    var reader = DiskProgramReader(diagnostics: Diagnostics(file: file))
    for number in 1...file.lineCount { reader.readLine(reader.words(file.line(number), number)) }
    for offset in file.malformedOffsets {
      reader.diagnostics.error("this is not UTF-8", at: file.range(offset..<offset + 1))
    }
    if reader.diagnostics.hasErrors { throw reader.diagnostics }
    return reader.loaded
  }

  /// The error of a program that was read but cannot be run.
  static func diagnostics(
    _ error: DiskProgramError, _ loaded: LoadedDiskProgram, _ file: SourceFile
  ) -> Diagnostics {
    var diagnostics = Diagnostics(file: file)
    switch error {
    case .file(let index, let error):
      diagnostics.error(message(error), at: loaded.fileRanges[index])
    case .call(let index, let error):
      diagnostics.error(message(error), at: loaded.callRanges[index])
    case .unaligned(let index):
      diagnostics.error("not a multiple of 4096", at: loaded.callRanges[index])
    case .tooLarge(let index):
      diagnostics.error(
        "more than \(DiskProgram.largestMicroOperationCount) micro-operations",
        at: loaded.callRanges[index])
    }
    return diagnostics
  }

  private static func message(_ error: FileError) -> String {
    switch error {
    case .notFound(let path): "there is no \(quoted(path)) here (ENOENT)"
    case .exists(let path): "\(quoted(path)) exists (EEXIST)"
    case .notDirectory(let path): "\(quoted(path)) is, or goes through, a file (ENOTDIR)"
    case .isDirectory(let path): "\(quoted(path)) is a directory (EISDIR)"
    case .invalid(let path): "\(quoted(path)) cannot be that (EINVAL)"
    case .notEmpty(let path): "\(quoted(path)) is a directory with entries (ENOTEMPTY)"
    case .inputOutput(let path): "\(quoted(path)) failed (EIO)"
    case .noSpace(let path): "no space for \(quoted(path)) (ENOSPC)"
    }
  }

  private func words(_ line: ArraySlice<Unicode.Scalar>, _ number: Int) -> [Word] {
    var words: [Word] = []
    var text = ""
    func end(_ column: Int) {
      if text.isEmpty { return }
      let start = column - text.unicodeScalars.count
      words.append(
        Word(
          text: text,
          range: SourceRange(
            start: SourcePosition(line: number, column: start),
            end: SourcePosition(line: number, column: column))))
      text = ""
    }
    var column = 1
    for scalar in line {
      if scalar == "#", text.isEmpty { break }
      if scalar == " " || scalar == "\t" {
        end(column)
      } else {
        text.unicodeScalars.append(scalar)
      }
      column += 1
    }
    end(column)
    return words
  }

  private mutating func readLine(_ words: [Word]) {
    guard let first = words.first else { return }
    guard let operands = Self.operands.first(where: { $0.word == first.text }) else {
      let known = Self.operands.map(\.word)
      diagnostics.error(
        "unknown call \(quoted(first.text)); known: \(known.joined(separator: ", "))",
        at: first.range, help: NearMiss.help(for: first.text, among: known))
      return
    }
    let wanted = operands.usage.split(separator: " ").count
    let rest = Array(words.dropFirst())
    // An empty file needs no character.
    let isEmptyFile = first.text == "file" && rest.count == 2 && rest[1].text == "0"
    guard rest.count == wanted || isEmptyFile else {
      let usage = operands.usage.isEmpty ? "" : " " + operands.usage
      diagnostics.error(
        "\(first.text) takes \(wanted) word\(wanted == 1 ? "" : "s"): \(first.text)\(usage)",
        at: rest.count > wanted ? rest[wanted].range : first.range)
      return
    }
    if first.text == "file" {
      readFile(rest, first)
    } else if let call = call(first.text, rest) {
      loaded.program.calls.append(call)
      loaded.callRanges.append(rest.first?.range ?? first.range)
    }
  }

  private mutating func readFile(_ words: [Word], _ first: Word) {
    if !loaded.program.calls.isEmpty {
      diagnostics.error(
        "files that exist before the program come before its calls", at: first.range)
    }
    let largest = VirtualDisk.largestFile / blockSize
    guard let blocks = Int(words[1].text), blocks >= 0, blocks <= largest else {
      diagnostics.error(
        "\(quoted(words[1].text)) is no number of blocks, 0 to \(largest)", at: words[1].range)
      return
    }
    let fill = words.count > 2 ? character(words[2]) : 0
    guard let fill else { return }
    loaded.program.files.append(.init(words[0].text, blocks: blocks, fill: fill))
    loaded.fileRanges.append(words[0].range)
  }

  private mutating func call(_ word: String, _ words: [Word]) -> DiskProgram.Call? {
    let path = words.first?.text ?? ""
    switch word {
    case "creat": return .create(path)
    case "mkdir": return .makeDirectory(path)
    case "unlink": return .unlink(path)
    case "link": return .link(path, to: words[1].text)
    case "rename": return .rename(path, to: words[1].text)
    case "fsync": return .sync(path)
    case "print": return .print
    case "truncate": return bytes(words[1]).map { .truncate(path, size: $0) }
    default:
      let offset = bytes(words[1])
      let count = bytes(words[2])
      let fill = character(words[3])
      guard let offset, let count, let fill else { return nil }
      return .write(path, offset: offset, count: count, fill: fill)
    }
  }

  private mutating func bytes(_ word: Word) -> Int? {
    guard let number = Int(word.text), number >= 0, number <= VirtualDisk.largestFile else {
      diagnostics.error(
        "\(quoted(word.text)) is no number of bytes, 0 to \(VirtualDisk.largestFile)",
        at: word.range)
      return nil
    }
    guard number.isMultiple(of: blockSize) else {
      let near = number / blockSize * blockSize
      diagnostics.error(
        "\(number) is not a multiple of 4096", at: word.range,
        help: "\(near) or \(near + blockSize)?")
      return nil
    }
    return number
  }

  private mutating func character(_ word: Word) -> UInt8? {
    guard word.text.utf8.count == 1, let byte = word.text.utf8.first, byte > 32, byte < 127 else {
      diagnostics.error("\(quoted(word.text)) is not one ASCII character", at: word.range)
      return nil
    }
    return byte
  }
}
