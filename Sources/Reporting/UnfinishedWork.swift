/// A file in a report folder that holds what a long piece of work has found so far, for the day
/// that it is killed. It is replaced by one rename and removed when the work is done:
///
/// ```
/// Reports/unfinished/NAME
/// ```
public struct UnfinishedWork: Sendable {
  static let folderName = "unfinished"

  private let folder: String
  /// As the user would name it.
  public let path: String
  private var fresh: String { path + ".new" }

  /// - Parameter name: of the file; made safe as ``FailureNames/safe(_:)`` does.
  public init(in folder: ReportFolder, name: String) {
    self.folder = folder.path + "/" + Self.folderName
    path = self.folder + "/" + FailureNames.safe(name)
  }

  public var exists: Bool { FileActions().kind(path) != nil }

  public func read() throws(ReportFolderError) -> [UInt8] { try FileActions().read(path) }

  /// A program that is killed at any moment leaves the old contents or the new ones.
  public func replace(by bytes: [UInt8]) throws(ReportFolderError) {
    try replace(by: bytes, FileActions())
  }

  func replace(by bytes: [UInt8], _ files: FileActions) throws(ReportFolderError) {
    try files.makeFolders(folder)
    if files.kind(fresh) != nil { try files.remove(fresh) }
    try files.write(bytes, to: fresh)
    try files.rename(fresh, to: path)
    try files.synchronizeFolder(folder)
  }

  /// Removes the file, and the folder with the last one.
  public func remove() throws(ReportFolderError) {
    let files = FileActions()
    for file in [fresh, path] where files.kind(file) != nil { try files.remove(file) }
    if files.kind(folder) == .folder, files.names(folder).isEmpty {
      try files.removeFolder(folder)
    }
  }
}
