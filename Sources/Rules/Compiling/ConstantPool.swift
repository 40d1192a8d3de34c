internal import Events
internal import Values

/// The constants and computed values that predicates refer to by number.
struct ConstantPool: Sendable {
  /// All constant text, one after the other.
  private(set) var bytes: [UInt8] = []
  private(set) var texts: [ByteRange] = []
  private(set) var addresses: [IPAddress] = []
  private(set) var networks: [IPNetwork] = []
  private(set) var ranges: [NumberRange] = []
  private(set) var sources: [ValueSource] = []
  private(set) var nodes: [OperandNode] = []
  /// The nodes of operands, so that equal ones of many rules are one source with one pattern group.
  private var nodeNumbers: [Operand: Int32] = [:]
  /// Measured values; each has a place.
  private(set) var measured: [MeasuredValue: Int32] = [:]
  /// Values of earlier steps; each has a place.
  private(set) var captured: [CapturedValue: Int32] = [:]
  /// Header names that predicates read.
  private(set) var headerNames = HeaderNames()

  mutating func text(_ text: [UInt8]) -> Int {
    let start = bytes.count
    bytes += text
    texts.append(ByteRange(start, bytes.count))
    return texts.count - 1
  }

  mutating func address(_ address: IPAddress) -> Int {
    addresses.append(address)
    return addresses.count - 1
  }

  /// Start and count of consecutive constants.
  mutating func ranges(_ new: [NumberRange]) -> (Int, Int) {
    ranges += new
    return (ranges.count - new.count, new.count)
  }

  mutating func networks(_ new: [IPNetwork]) -> (Int, Int) {
    networks += new
    return (networks.count - new.count, new.count)
  }

  mutating func texts(_ new: [[UInt8]]) -> (Int, Int) {
    for item in new { _ = text(item) }
    return (texts.count - new.count, new.count)
  }

  /// Where the evaluator keeps a measured value.
  mutating func place(of value: MeasuredValue) -> Int32 {
    if let place = measured[value] { return place }
    let place = Int32(truncatingIfNeeded: measured.count)
    measured[value] = place
    return place
  }

  /// Where the evaluator keeps a value of an earlier step.
  mutating func place(of value: CapturedValue) -> Int32 {
    if let place = captured[value] { return place }
    let place = Int32(truncatingIfNeeded: captured.count)
    captured[value] = place
    return place
  }

  /// Where the value of an operand comes from.
  mutating func source(of operand: Operand) -> ValueSource {
    switch operand {
    case .field(.payload): ValueSource(kind: .payload)
    case .field(let field): ValueSource(kind: .field, index: Int32(field.rawValue))
    case .header(let name):
      ValueSource(kind: .header, index: Int32(truncatingIfNeeded: headerNames.slot(for: name)))
    case .timestamp: ValueSource(kind: .timestamp)
    case .measured(let value): ValueSource(kind: .measured, index: place(of: value))
    case .captured(let value): ValueSource(kind: .captured, index: place(of: value))
    default: ValueSource(kind: .computed, index: node(for: operand))
    }
  }

  /// The number of the node that computes an operand; children come before their parents.
  mutating func node(for operand: Operand) -> Int32 {
    if let known = nodeNumbers[operand] { return known }
    let number = newNode(for: operand)
    nodeNumbers[operand] = number
    return number
  }

  private mutating func newNode(for operand: Operand) -> Int32 {
    let node: OperandNode
    switch operand {
    case .field, .header, .timestamp, .measured, .captured:
      sources.append(source(of: operand))
      node = OperandNode(kind: .source, left: Int32(truncatingIfNeeded: sources.count - 1))
    case .integer(let value): node = OperandNode(kind: .integer, constant: value)
    case .decimal(let value):
      node = OperandNode(kind: .decimal, constant: Int64(bitPattern: value.bitPattern))
    case .duration(let value): node = OperandNode(kind: .duration, constant: value)
    case .bool(let value): node = OperandNode(kind: .bool, constant: value ? 1 : 0)
    case .ip(let value): node = OperandNode(kind: .address, left: Int32(truncatingIfNeeded: address(value)))
    case .text(let value): node = OperandNode(kind: .text, left: Int32(truncatingIfNeeded: text(value)))
    case .arithmetic(let arithmetic, let left, let right):
      let first = self.node(for: left)
      node = OperandNode(kind: Self.kind(arithmetic), left: first, right: self.node(for: right))
    case .function(let function, let argument):
      var call = OperandNode(kind: Self.kind(function), left: self.node(for: argument))
      switch function {
      case .prefix(let length), .suffix(let length): call.constant = Int64(length)
      default: break
      }
      node = call
    }
    nodes.append(node)
    return Int32(truncatingIfNeeded: nodes.count - 1)
  }

  private static func kind(_ arithmetic: ArithmeticOperator) -> OperandNode.Kind {
    switch arithmetic {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }

  private static func kind(_ function: OperandFunction) -> OperandNode.Kind {
    switch function {
    case .length: .length
    case .lower: .lower
    case .count: .count
    case .hour: .hour
    case .prefix: .prefix
    case .suffix: .suffix
    case .digits: .digits
    case .entropy: .entropy
    }
  }
}
