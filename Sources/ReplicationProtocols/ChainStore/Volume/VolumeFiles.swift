import SimulationKernel

/// The files that a volume lies in, as it sees them. A call that fails ends the process of the
/// node, so that a volume need not go on with a disk that lets it down; whatever it still asks for
/// then has no effect.
protocol VolumeFiles {
  mutating func perform(_ operation: FileOperation, at site: CallSite)
  /// Up to `count` bytes; fewer at the end of the file, or if the call fails.
  mutating func read(_ path: String, offset: Int, count: Int, at site: CallSite) -> [UInt8]
  /// `nil` if there is no such file.
  mutating func size(of path: String, at site: CallSite) -> Int?
}

extension Host: VolumeFiles {
  mutating func perform(_ operation: FileOperation, at site: CallSite) {
    do throws(FileError) {
      try perform(operation, from: site)
    } catch {
      abort("file error")
    }
  }

  mutating func read(_ path: String, offset: Int, count: Int, at site: CallSite) -> [UInt8] {
    do throws(FileError) {
      return try read(path, offset: offset, count: count, from: site)
    } catch {
      abort("file error")
      return []
    }
  }

  mutating func size(of path: String, at site: CallSite) -> Int? {
    do throws(FileError) {
      return try size(of: path, from: site)
    } catch {
      if case .notFound = error { return nil }
      abort("file error")
      return nil
    }
  }
}
