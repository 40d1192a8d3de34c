internal import Values

/// What a mutant changed, for the message when no test notices.
enum MutantChange: Sendable {
  /// Something is no longer there.
  case dropped
  /// A number is another one; both as they are shown.
  case nudged(from: String, to: String)
}

/// Something with one change.
struct Mutated<Value> {
  var value: Value
  var change: MutantChange
  /// Where what was changed is written.
  var span: SourceSpan

  /// The same change seen from around it.
  func map<Outer>(_ wrap: (Value) -> Outer) -> Mutated<Outer> {
    Mutated<Outer>(value: wrap(value), change: change, span: span)
  }
}

extension Condition {
  /// The condition with one part dropped or one bound nudged, each way once.
  ///
  /// - Parameter isRoot: whether it stands alone, so that it can be dropped as a whole.
  func mutants(isRoot: Bool = true) -> [Mutated<Condition>] {
    switch kind {
    case .constant: return []
    case .all(let parts): return Self.mutants(of: parts) { Condition(kind: .all($0), span: span) }
    case .any(let parts): return Self.mutants(of: parts) { Condition(kind: .any($0), span: span) }
    case .not(let inner):
      let nested = inner.mutants(isRoot: false).map { mutant in
        mutant.map { Condition(kind: .not($0), span: span) }
      }
      return nested + (isRoot && inner.isTest ? [dropped] : [])
    case .test(let test):
      let nudged = test.nudged.map { mutant in
        Mutated(
          value: Condition(kind: .test(mutant.value), span: span), change: mutant.change, span: span)
      }
      return nudged + (isRoot ? [dropped] : [])
    }
  }

  private var isTest: Bool { if case .test = kind { true } else { false } }

  /// Without the condition every event matches.
  private var dropped: Mutated<Condition> {
    Mutated(value: Condition(kind: .constant(true), span: span), change: .dropped, span: span)
  }

  private static func mutants(
    of parts: [Condition], _ join: ([Condition]) -> Condition
  ) -> [Mutated<Condition>] {
    var mutants: [Mutated<Condition>] = []
    for (index, part) in parts.enumerated() {
      var others = parts
      others.remove(at: index)
      mutants.append(
        Mutated(
          value: others.count == 1 ? others[0] : join(others), change: .dropped, span: part.span))
      mutants += part.mutants(isRoot: false).map { mutant in
        mutant.map { changed in
          var all = parts
          all[index] = changed
          return join(all)
        }
      }
    }
    return mutants
  }
}

extension Test {
  /// The test with another bound of an order; what is equal or not has no neighbours.
  fileprivate var nudged: [Mutated<Test>] {
    let bounds: [Mutated<Operand>]
    let wrap: (Operand) -> Check
    switch check {
    case .less(let bound): (bounds, wrap) = (bound.nudged, { .less($0) })
    case .lessOrEqual(let bound): (bounds, wrap) = (bound.nudged, { .lessOrEqual($0) })
    default: return []
    }
    return bounds.map { bound in
      bound.map { operand in
        var test = self
        test.check = wrap(operand)
        return test
      }
    }
  }
}

extension Operand {
  /// A whole number one more and one less, other numbers one per cent more and less.
  fileprivate var nudged: [Mutated<Operand>] {
    // The place is that of the condition, which knows it.
    let place = SourceSpan(file: SourceFileID(index: 0), range: ByteRange())
    return Nudge.allCases.compactMap { nudge in
      switch self {
      case .integer(let value):
        let other = nudge.neighbour(of: value)
        return Mutated(
          value: .integer(other), change: .nudged(from: "\(value)", to: "\(other)"), span: place)
      case .decimal(let value) where value != 0:
        let other = value * (nudge == .up ? 1.01 : 0.99)
        return Mutated(
          value: .decimal(other), change: .nudged(from: "\(value)", to: "\(other)"), span: place)
      case .duration(let value) where value > 0:
        let other = nudge.length(near: value)
        return Mutated(
          value: .duration(other),
          change: .nudged(from: DurationText.text(value), to: DurationText.text(other)), span: place)
      default: return nil
      }
    }
  }
}

/// Two ways to be a little wrong.
enum Nudge: CaseIterable {
  case up, down

  /// The next whole number.
  func neighbour(of value: Int64) -> Int64 { value.saturatingAdd(self == .up ? 1 : -1) }

  /// A length of time that is some per cent off, and one nanosecond at least.
  func length(near value: Int64, percent: Int64 = 1) -> Int64 {
    let step = max(1, value / 100 * percent)
    return self == .up ? value.saturatingAdd(step) : value - step
  }
}
