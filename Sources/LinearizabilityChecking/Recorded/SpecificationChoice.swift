/// Something to do with the specification of a part, whichever it is.
protocol SpecificationUser {
  associatedtype Result
  mutating func use<S: SequentialSpecification>(_ specification: S) -> Result
  where S.Operation == RecordedOperation, S.Response == RecordedAnswer
}

extension RecordedHistory {
  /// Lets `user` use the specification of the part that consists of `members`. Keys without
  /// appends hold values that are compared as ids.
  func withSpecification<User: SpecificationUser>(
    of members: ArraySlice<Int32>, _ user: inout User
  ) -> User.Result {
    switch model {
    case .register, .casRegister: user.use(RecordedRegister(initialValue: initialValue))
    case .keyValue:
      members.contains { operations[Int($0)].kind == .append }
        ? user.use(RecordedText(values: values, initialValue: initialValue))
        : user.use(RecordedRegister(initialValue: initialValue))
    case .listAppend: user.use(RecordedList())
    case .block: user.use(RecordedBlocks(initialValue: initialValue))
    case .fifoQueue: user.use(RecordedQueue())
    case .set: user.use(RecordedSet())
    case .mutex: user.use(RecordedMutex())
    }
  }
}

/// Specifications of cells that hold values by id: ``CellDecision`` knows more about them.
protocol CellSpecification: SequentialSpecification {}

extension RecordedRegister: CellSpecification {}
extension RecordedBlocks: CellSpecification {}
