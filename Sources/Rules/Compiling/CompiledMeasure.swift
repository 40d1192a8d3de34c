/// What a window keeps of the matches of a key.
enum WindowContents: Sendable, Equatable {
  /// The times of the last `minimum` matches.
  case matches
  /// The last `minimum` distinct values.
  case values(ValueSource)
  /// The last `minimum` numbers.
  case samples(ValueSource)
  /// Totals of matches, one set for all that have the same mark.
  case totals([WindowTotal])
}

/// A total that is kept up match by match.
enum WindowTotal: UInt8, Sendable {
  case sum, minimum, maximum

  /// The total of nothing.
  var neutral: Double { self == .sum ? 0 : .nan }

  /// The total of two parts; not a number is a part without values.
  func join(_ left: Double, _ right: Double) -> Double {
    if left.isNaN { return right }
    if right.isNaN { return left }
    return switch self {
    case .sum: left + right
    case .minimum: min(left, right)
    case .maximum: max(left, right)
    }
  }
}

/// A `measure` block as numbers.
struct CompiledMeasure: Sendable, Equatable {
  /// Where an input of the totals comes from.
  enum Input: Sendable, Equatable {
    /// 1 for a match.
    case one
    /// 1 for a match for which a condition is true, otherwise 0; the first step of it.
    case condition(Int32)
    /// The number itself.
    case number(ValueSource)
    /// 1 where there is a number.
    case presence(ValueSource)
  }

  /// Where a value comes from when the window is judged.
  enum Output: Sendable, Equatable {
    /// A total, by its position.
    case total(Int)
    /// One total divided by another.
    case quotient(Int, Int)
    /// Number of distinct values in a window, by its index in the program.
    case distinct(Int)
    /// The 95th percentile of the samples in a window, by its index in the program.
    case percentile(Int)
  }

  /// A value for `having`.
  struct Value: Sendable, Equatable {
    var output: Output
    var type: ValueType
    var isCount: Bool
    /// Where the evaluator keeps it.
    var place: Int
  }

  /// One for each total of the first window.
  var inputs: [Input] = []
  /// Windows of the program: the totals, then one for each value that needs its own.
  var windows: Range<Int> = 0..<0
  var values: [Value] = []
  /// First step of `having`.
  var having: Int32 = ConditionStep.reject
  /// Fewer matches cannot make `having` true.
  var least = 0

  /// What the totals read.
  var sources: [ValueSource] {
    inputs.compactMap { input in
      switch input {
      case .one, .condition: nil
      case .number(let source), .presence(let source): source
      }
    }
  }
}

/// Puts a `measure` block together.
struct MeasureLowering {
  private let length: Int64
  private let motion: WindowMotion
  private let keys: Range<Int32>
  private var measure = CompiledMeasure()
  private var totals: [WindowTotal] = []
  private var others: [CompiledWindow] = []

  /// The block with its windows, which the program has from `firstWindow` on.
  static func lower(
    _ checked: CheckedMeasure, _ declaration: MeasureDeclaration, rule: Int, keys: Range<Int32>,
    firstWindow: Int, _ predicates: inout PredicateCompiler
  ) -> (measure: CompiledMeasure, windows: [CompiledWindow]) {
    var lowering = MeasureLowering(
      length: declaration.window.value, motion: declaration.motion, keys: keys)
    for (position, value) in checked.values.enumerated() {
      lowering.add(
        value, MeasuredValue(rule: rule, position: position, isCount: value.isCount), firstWindow, &predicates
      )
    }
    var measure = lowering.measure
    measure.having = predicates.add(checked.having).start
    measure.least = checked.least
    measure.windows = firstWindow..<firstWindow + 1 + lowering.others.count
    let totals = lowering.window(.totals(lowering.totals), minimum: checked.minimum ?? Self.unstatedMinimum)
    return (measure, [totals] + lowering.others)
  }

  /// A key with half as many matches is kept longer than others when `having` does not say how many matter.
  private static let unstatedMinimum = 16

  private init(length: Int64, motion: WindowMotion, keys: Range<Int32>) {
    self.length = length
    self.motion = motion
    self.keys = keys
  }

  private func window(_ contents: WindowContents, minimum: Int) -> CompiledWindow {
    var window = CompiledWindow(keys: keys, length: length, minimum: minimum)
    window.contents = contents
    window.motion = motion
    if motion == .sliding {
      window.granule = max(1, length / Int64(MeasureDeclaration.subWindows))
    } else if case .totals = contents {
      window.granule = 0
    }
    return window
  }

  private mutating func add(
    _ value: CheckedMeasure.Value, _ measured: MeasuredValue, _ firstWindow: Int,
    _ predicates: inout PredicateCompiler
  ) {
    let output: CompiledMeasure.Output
    var type = ValueType.number
    switch value {
    case .count: output = .total(total(.sum, .one))
    case .countIf(let condition): output = .total(total(.sum, .condition(predicates.add(condition).start)))
    case .distinct(let operand, let condition):
      let contents = WindowContents.values(predicates.source(of: operand))
      var window = window(contents, minimum: MeasureDeclaration.maximumDistinct)
      window.condition = condition.map { predicates.add($0).start }
      others.append(window)
      output = .distinct(firstWindow + others.count)
    case .figure(let figure, let operand, let isDuration):
      if isDuration { type = .duration }
      output = self.output(figure, predicates.source(of: operand), firstWindow)
    }
    measure.values.append(
      CompiledMeasure.Value(
        output: output, type: type, isCount: measured.isCount,
        place: Int(predicates.source(of: .measured(measured)).index)))
  }

  private mutating func output(
    _ figure: MeasureDeclaration.Figure, _ source: ValueSource, _ firstWindow: Int
  ) -> CompiledMeasure.Output {
    switch figure {
    case .sum: return .total(total(.sum, .number(source)))
    case .minimum: return .total(total(.minimum, .number(source)))
    case .maximum: return .total(total(.maximum, .number(source)))
    case .average: return .quotient(total(.sum, .number(source)), total(.sum, .presence(source)))
    case .percentile95:
      others.append(window(.samples(source), minimum: MeasureDeclaration.maximumSamples))
      return .percentile(firstWindow + others.count)
    }
  }

  /// The position of a total; equal ones are kept once.
  private mutating func total(_ kind: WindowTotal, _ input: CompiledMeasure.Input) -> Int {
    if let known = totals.indices.first(where: { totals[$0] == kind && measure.inputs[$0] == input }) {
      return known
    }
    totals.append(kind)
    measure.inputs.append(input)
    return totals.count - 1
  }
}

extension CheckedMeasure.Value {
  /// Whether it is a whole number.
  var isCount: Bool { if case .figure = self { false } else { true } }

  /// Whether it is the number of distinct values.
  var isDistinct: Bool { if case .distinct = self { true } else { false } }
}
