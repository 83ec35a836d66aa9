/// What a disk may forget, as data: how a file operation is cut into micro-operations, and which of
/// them persist before which, beyond what an fsync forces.
///
/// In every profile a completed fsync of a file makes that file's data and size durable, and a
/// completed fsync of a directory its entries; ``syncs`` says what it makes durable beside these.
/// Whatever is issued after a completed fsync persists only if the fsync did.
/// Source: the abstract persistence models of Pillai et al., "All File Systems Are Not Created
/// Equal" (OSDI 2014), section 3 and table 2.
public struct PersistenceProfile: Sendable {
  /// The name in scenario files.
  public let name: String
  /// What it stands for, in a line.
  public let summary: String
  /// Where it comes from.
  public let source: String
  /// What later work found to be different, or nothing.
  public let caveat: String
  /// When a file operation is durable.
  public var durability: Durability
  /// How operations are cut.
  public var form: OperationForm
  /// What persists before what.
  public var ordering: [OrderingRule]
  /// What an fsync makes durable beside the file, or directory, that it is called on.
  public var syncs: [SyncRule]
  /// Whether the overwrite of a block can be torn between sectors, on a device that tears: not
  /// where the file system journals data or copies it on write (single-block overwrites in table
  /// 1).
  public var tearsBlocks: Bool

  public enum Durability: Hashable, Sendable {
    /// Nothing is durable before an fsync, or write-back, has forced it.
    case whenForced
    /// Every operation is durable when it returns.
    case immediately
  }

  public init(
    name: String, summary: String, source: String, caveat: String = "",
    durability: Durability = .whenForced, form: OperationForm, ordering: [OrderingRule] = [],
    syncs: [SyncRule] = [], tearsBlocks: Bool = true
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.caveat = caveat
    self.durability = durability
    self.form = form
    self.ordering = ordering
    self.syncs = syncs
    self.tearsBlocks = tearsBlocks
  }
}

/// How file operations are cut into micro-operations: table 2(a) of the paper, as data.
public struct OperationForm: Hashable, Sendable {
  /// Writes and truncations are cut at multiples of this many bytes; nil leaves them whole.
  public var cut: Int?
  /// The steps of each piece that lies at or beyond the end of the file.
  public var append: [AppendStep]
  /// The steps of each piece by which a truncation, or a write beyond the end, extends the file.
  public var stretch: [AppendStep]
  public var rename: [RenameStep]
  public var unlink: [UnlinkStep]

  /// A step of a piece that extends a file. Where `size` is not among the steps, every other step
  /// extends the file to the end of its piece; where it is, what lies beyond the size is invisible.
  public enum AppendStep: Hashable, Sendable {
    case size
    case garbage
    case zeros
    /// The written bytes; zeros where the file is only extended.
    case data
  }

  public enum RenameStep: Hashable, Sendable {
    /// The new name points at the file and the old one is gone, at once.
    case move
    /// The replaced file is truncated if that was its last name.
    case truncateReplaced
    case removeNewName
    case setNewName
    case removeOldName
  }

  public enum UnlinkStep: Hashable, Sendable {
    /// The file is truncated if that was its last name.
    case truncate
    case removeName
  }

  public init(
    cut: Int?, append: [AppendStep], stretch: [AppendStep],
    rename: [RenameStep], unlink: [UnlinkStep]
  ) {
    self.cut = cut
    self.append = append
    self.stretch = stretch
    self.rename = rename
    self.unlink = unlink
  }
}

/// Which rules speak of a micro-operation: one member for each micro-operation, several in a rule.
public struct MicroOperationRole: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Data inside the file as the application saw it.
  public static let overwrite = MicroOperationRole(rawValue: 1)
  /// Data, zeros or garbage by which a file grows.
  public static let append = MicroOperationRole(rawValue: 2)
  /// An explicit size by which a file grows.
  public static let size = MicroOperationRole(rawValue: 4)
  /// A file becomes shorter.
  public static let truncation = MicroOperationRole(rawValue: 8)
  /// A name appears: create, link, mkdir.
  public static let newName = MicroOperationRole(rawValue: 16)
  /// A name disappears or moves: unlink, rename.
  public static let oldName = MicroOperationRole(rawValue: 32)

  public static let directory: MicroOperationRole = [.newName, .oldName]
  public static let everything: MicroOperationRole = [
    .overwrite, .append, .size, .truncation, .directory,
  ]
  /// What a journal of metadata holds: names and sizes.
  public static let metadata: MicroOperationRole = [.size, .truncation, .directory]
}

/// "An earlier micro-operation of these roles persists before a later one of those", within a
/// scope.
public struct OrderingRule: Hashable, Sendable {
  public enum Scope: Hashable, Sendable {
    /// Whatever the two change.
    case anywhere
    /// Both change the same file's bytes or size.
    case sameFile
    /// The later one gives a name to the file that the earlier one changes.
    case namedFile
    /// Both change the same directory entry.
    case sameName
    /// The later one takes away the name that the earlier one changes: an unlink of it, or a rename
    /// of it to another.
    case takenName
  }

  public var earlier: MicroOperationRole
  public var later: MicroOperationRole
  public var scope: Scope

  public init(_ earlier: MicroOperationRole, before later: MicroOperationRole, _ scope: Scope) {
    self.earlier = earlier
    self.later = later
    self.scope = scope
  }

  /// Whether `first` must persist before a new change with the given role.
  func orders(
    _ first: MicroOperation, before change: MicroOperation.Change, role: MicroOperationRole
  ) -> Bool {
    guard !earlier.isDisjoint(with: first.role), !later.isDisjoint(with: role) else { return false }
    switch scope {
    case .anywhere: return true
    case .sameFile: return first.change.file != nil && first.change.file == change.file
    case .namedFile:
      return first.change.file != nil && first.change.file == change.target?.inode
    case .sameName: return first.change.slots.contains { change.slots.contains($0) }
    case .takenName:
      guard let taken = change.takenSlot else { return false }
      return first.change.slots.contains(taken)
    }
  }
}

/// "An fsync also makes earlier micro-operations of these roles durable", within a scope.
public struct SyncRule: Hashable, Sendable {
  public enum Scope: Hashable, Sendable {
    /// Whatever they change.
    case anywhere
    /// Those that give a name to the file, or directory, that is forced.
    case itsNames
  }

  public var covers: MicroOperationRole
  public var scope: Scope

  public init(_ covers: MicroOperationRole, _ scope: Scope) {
    self.covers = covers
    self.scope = scope
  }

  /// Whether an fsync of `inode` makes a pending micro-operation durable.
  func covers(_ operation: MicroOperation, bySyncOf inode: Int) -> Bool {
    guard !covers.isDisjoint(with: operation.role) else { return false }
    switch scope {
    case .anywhere: return true
    case .itsNames: return operation.change.target?.inode == inode
    }
  }
}
