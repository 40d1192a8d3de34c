internal import Events
internal import Values

extension PredicateEvaluator {
  /// The outcome of a predicate for one value.
  func check(
    _ predicate: Predicate, _ loaded: LoadedValue, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    switch loaded.value {
    case .absent: predicate.opcode == .isPresent ? .no : .unknown
    case _ where predicate.opcode == .isPresent: .yes
    case .bool(let value): predicate.opcode == .isTrue ? Truth(value) : .unknown
    case .integer(let value): number(predicate, value, program, event)
    case .duration(let value): number(predicate, value, program, event)
    case .time(let time): number(predicate, time.nanoseconds, program, event)
    case .decimal(let value): decimal(predicate, value, program, event)
    case .ip(let address): self.address(predicate, address, program, event)
    case .text(let range): text(predicate, loaded.store, range.range, program, event)
    case .list: .unknown
    }
  }

  private func number(
    _ predicate: Predicate, _ value: Int64, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Truth {
    switch predicate.opcode {
    case .equalInteger: return Truth(value == predicate.first)
    case .lessInteger: return Truth(value < predicate.first)
    case .lessOrEqualInteger: return Truth(value <= predicate.first)
    case .inRanges:
      for index in Int(predicate.first)..<Int(predicate.first + predicate.second) {
        let range = program.pool.ranges[index]
        if value >= range.lower, value <= range.upper { return .yes }
      }
      return .no
    case .inList:
      return Truth(program.lists[Int(predicate.first)].contains(number: value, at: event.timestamp))
    case .equalDecimal, .lessDecimal, .lessOrEqualDecimal:
      return decimal(predicate, Double(value), program, event)
    default: return .unknown
    }
  }

  private func decimal(
    _ predicate: Predicate, _ value: Double, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Truth {
    let constant = Double(bitPattern: UInt64(bitPattern: predicate.first))
    switch predicate.opcode {
    case .equalDecimal: return Truth(value == constant)
    case .lessDecimal: return Truth(value < constant)
    case .lessOrEqualDecimal: return Truth(value <= constant)
    case .equalInteger: return Truth(value == Double(predicate.first))
    case .lessInteger: return Truth(value < Double(predicate.first))
    case .lessOrEqualInteger: return Truth(value <= Double(predicate.first))
    case .inRanges:
      for index in Int(predicate.first)..<Int(predicate.first + predicate.second) {
        let range = program.pool.ranges[index]
        if value >= Double(range.lower), value <= Double(range.upper) { return .yes }
      }
      return .no
    case .inList:
      return Truth(program.lists[Int(predicate.first)].contains(decimal: value, at: event.timestamp))
    default: return .unknown
    }
  }

  private func address(
    _ predicate: Predicate, _ address: IPAddress, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Truth {
    switch predicate.opcode {
    case .equalAddress: return Truth(address == program.pool.addresses[Int(predicate.first)])
    case .inNetworks:
      for index in Int(predicate.first)..<Int(predicate.first + predicate.second)
      where program.pool.networks[index].contains(address) {
        return .yes
      }
      return .no
    case .inList: return Truth(program.lists[Int(predicate.first)].contains(address, at: event.timestamp))
    default: return .unknown
    }
  }

  private func text(
    _ predicate: Predicate, _ store: LoadedValue.Store, _ range: Range<Int>, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Truth {
    switch store {
    case .event: return text(predicate, eventText.span, range, program, event.timestamp)
    case .computed: return text(predicate, computedText.span, range, program, event.timestamp)
    case .constant: return text(predicate, constantText.span, range, program, event.timestamp)
    }
  }

  private func text(
    _ predicate: Predicate, _ text: Span<UInt8>, _ range: Range<Int>,
    _ program: RuleProgram, _ time: Timestamp
  ) -> Truth {
    let constants = constantText.span
    switch predicate.opcode {
    case .equalText:
      let wanted = program.pool.texts[Int(predicate.first)].range
      return Truth(wanted.count == range.count && text.holds(constants, wanted, at: range.lowerBound))
    case .inTexts:
      for index in Int(predicate.first)..<Int(predicate.first + predicate.second) {
        let wanted = program.pool.texts[index].range
        if wanted.count == range.count, text.holds(constants, wanted, at: range.lowerBound) { return .yes }
      }
      return .no
    case .contains, .startsWith, .endsWith:
      let wanted = program.pool.texts[Int(predicate.first)].range
      return Truth(search(predicate.opcode, text, range, constants, wanted))
    case .inList:
      return Truth(program.lists[Int(predicate.first)].contains(text.extracting(range), at: time))
    default: return .unknown
    }
  }

  private func search(
    _ opcode: Predicate.Opcode, _ text: Span<UInt8>, _ range: Range<Int>, _ other: Span<UInt8>,
    _ wanted: Range<Int>
  ) -> Bool {
    guard wanted.count <= range.count else { return false }
    return switch opcode {
    case .startsWith: text.holds(other, wanted, at: range.lowerBound)
    case .endsWith: text.holds(other, wanted, at: range.upperBound - wanted.count)
    default: text.contains(other, wanted, in: range)
    }
  }
}
