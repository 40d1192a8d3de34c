internal import Events
internal import Values

extension PredicateEvaluator {
  /// The value of a source for an event.
  @inline(__always)
  mutating func load(_ source: ValueSource, _ program: RuleProgram, _ event: borrowing Event) -> LoadedValue {
    guard source.kind != .field else {
      return LoadedValue(value: event.value(ifPresentAt: Int(source.index)))
    }
    return loadOther(source, program, event)
  }

  /// The value of a source that may be no field.
  private mutating func loadOther(
    _ source: ValueSource, _ program: RuleProgram, _ event: borrowing Event
  ) -> LoadedValue {
    switch source.kind {
    case .field: return LoadedValue(value: event.value(ifPresentAt: Int(source.index)))
    case .header: return LoadedValue(value: event.header(slot: Int(source.index)))
    case .timestamp: return LoadedValue(value: .time(event.timestamp))
    case .measured: return LoadedValue(value: measured[Int(source.index)])
    case .captured: return LoadedValue(value: captured[Int(source.index)], store: .computed)
    case .payload:
      return event.messageLength > 0
        ? LoadedValue(value: .text(ByteRange(0, event.messageLength))) : .absent
    case .computed: return compute(Int(source.index), program, event)
    }
  }

  private mutating func compute(
    _ number: Int, _ program: RuleProgram, _ event: borrowing Event
  ) -> LoadedValue {
    let node = program.pool.nodes[number]
    switch node.kind {
    case .source: return load(program.pool.sources[Int(node.left)], program, event)
    case .integer: return LoadedValue(value: .integer(node.constant))
    case .decimal:
      return LoadedValue(value: .decimal(Double(bitPattern: UInt64(bitPattern: node.constant))))
    case .duration: return LoadedValue(value: .duration(node.constant))
    case .bool: return LoadedValue(value: .bool(node.constant != 0))
    case .address: return LoadedValue(value: .ip(program.pool.addresses[Int(node.left)]))
    case .text: return LoadedValue(value: .text(program.pool.texts[Int(node.left)]), store: .constant)
    case .add, .subtract, .multiply, .divide:
      let left = compute(Int(node.left), program, event).value
      let right = compute(Int(node.right), program, event).value
      return LoadedValue(value: Arithmetic.apply(node.kind, left, right))
    case .length, .lower, .count, .hour, .prefix, .suffix, .digits, .entropy:
      let argument = compute(Int(node.left), program, event)
      return apply(node, argument)
    }
  }

  private mutating func apply(_ node: OperandNode, _ argument: LoadedValue) -> LoadedValue {
    switch (node.kind, argument.value) {
    case (.length, .text(let range)): return LoadedValue(value: .integer(Int64(range.count)))
    case (.count, .list(let range)): return LoadedValue(value: .integer(Int64(range.count)))
    case (.hour, .time(let time)):
      let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
      return LoadedValue(value: .integer((seconds - seconds.floorDivided(by: 86_400) * 86_400) / 3600))
    case (.prefix, .text(let range)):
      let end = min(range.end, range.start + Int(node.constant))
      return LoadedValue(value: .text(ByteRange(range.start, end)), store: argument.store)
    case (.suffix, .text(let range)):
      let start = max(range.start, range.end - Int(node.constant))
      return LoadedValue(value: .text(ByteRange(start, range.end)), store: argument.store)
    case (.lower, .text(let range)), (.digits, .text(let range)):
      let start = computedText.count
      for offset in range.range {
        let byte = byte(at: offset, argument.store)
        if node.kind == .lower {
          computedText.append(byte.asciiLowercased)
        } else if byte.isDigit {
          computedText.append(byte)
        }
      }
      return LoadedValue(value: .text(ByteRange(start, computedText.count)), store: .computed)
    case (.entropy, .text(let range)): return LoadedValue(value: .decimal(entropy(range, argument.store)))
    default: return .absent
    }
  }

  private func byte(at offset: Int, _ store: LoadedValue.Store) -> UInt8 {
    switch store {
    case .event: eventText[offset]
    case .computed: computedText[offset]
    case .constant: constantText[offset]
    }
  }

  private func entropy(_ range: ByteRange, _ store: LoadedValue.Store) -> Double {
    switch store {
    case .event: return Entropy.bits(eventText.span.extracting(range.range))
    case .computed: return Entropy.bits(computedText.span.extracting(range.range))
    case .constant: return Entropy.bits(constantText.span.extracting(range.range))
    }
  }

  // MARK: Two computed values

  /// The outcome of a comparison whose right side is computed.
  mutating func compare(
    _ predicate: Predicate, _ left: LoadedValue, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    guard let comparison = ValueComparison(rawValue: predicate.second) else { return .unknown }
    let right = compute(Int(predicate.first), program, event)
    switch (left.value, right.value) {
    case (.absent, _), (_, .absent): return .unknown
    case (.text(let first), .text(let second)):
      return compareText(comparison, first, left.store, second, right.store)
    case (.ip(let first), .ip(let second)): return Truth(first == second)
    case (.bool(let first), .bool(let second)): return Truth(first == second)
    default: return Arithmetic.compare(comparison, left.value, right.value)
    }
  }

  private func compareText(
    _ comparison: ValueComparison, _ first: ByteRange, _ firstStore: LoadedValue.Store, _ second: ByteRange,
    _ secondStore: LoadedValue.Store
  ) -> Truth {
    switch firstStore {
    case .event: return compareText(comparison, eventText.span, first, second, secondStore)
    case .computed: return compareText(comparison, computedText.span, first, second, secondStore)
    case .constant: return compareText(comparison, constantText.span, first, second, secondStore)
    }
  }

  private func compareText(
    _ comparison: ValueComparison, _ text: Span<UInt8>, _ first: ByteRange, _ second: ByteRange,
    _ secondStore: LoadedValue.Store
  ) -> Truth {
    switch secondStore {
    case .event:
      return Truth(TextComparison.holds(comparison, text, first.range, eventText.span, second.range))
    case .computed:
      return Truth(TextComparison.holds(comparison, text, first.range, computedText.span, second.range))
    case .constant:
      return Truth(TextComparison.holds(comparison, text, first.range, constantText.span, second.range))
    }
  }
}

/// Comparisons of two texts.
private enum TextComparison {
  static func holds(
    _ comparison: ValueComparison, _ text: Span<UInt8>, _ range: Range<Int>, _ other: Span<UInt8>,
    _ wanted: Range<Int>
  ) -> Bool {
    guard wanted.count <= range.count else { return false }
    return switch comparison {
    case .equal: wanted.count == range.count && text.holds(other, wanted, at: range.lowerBound)
    case .startsWith: text.holds(other, wanted, at: range.lowerBound)
    case .endsWith: text.holds(other, wanted, at: range.upperBound - wanted.count)
    case .contains: text.contains(other, wanted, in: range)
    case .less, .lessOrEqual: false
    }
  }
}
