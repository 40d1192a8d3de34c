internal import Values

/// An entry of `params`: a constant that the rule calls `$name`, and that overrides may set.
public struct ParameterDeclaration: Sendable {
  /// The name, without `$`.
  public var name: Spanned<String>
  /// The constant as it is written, in the rule or in the override that goes before it.
  public var value: ExpressionSource
  /// The constant; nil after an error about it.
  var constant: ExpressionSyntax?
}

/// What a parameter is; an override must give it the same kind.
enum ParameterKind: String {
  case number = "a number"
  case duration = "a duration"
  case truth = "true or false"
  case text
  case address = "an IP address"
  case network = "an address block"
  case range = "a range"
  case list = "a list"

  /// The kind of a constant; nil for what is none.
  init?(_ tree: ExpressionSyntax) {
    switch tree {
    case .literal(.integer, _), .literal(.decimal, _): self = .number
    case .literal(.duration, _): self = .duration
    case .literal(.bool, _): self = .truth
    case .literal(.ip, _): self = .address
    case .literal(.network, _): self = .network
    case .literal(.range, _): self = .range
    case .text: self = .text
    case .list: self = .list
    case .items(let items, _):
      guard items.allSatisfy({ ParameterKind($0) != nil }) else { return nil }
      self = .list
    default: return nil
    }
  }
}

extension NodeDecoder {
  /// More parameters of one rule are a mistake.
  static let maximumParameters = 32

  /// The entries of `params`.
  mutating func parameters(_ node: YAMLNode) -> [ParameterDeclaration] {
    guard let mapping = mapping(node, of: "params") else { return [] }
    guard mapping.entries.count <= Self.maximumParameters else {
      sink.error(
        .badNumber, at: mapping.span, "a rule has at most \(Self.maximumParameters) parameters")
      return []
    }
    return mapping.entries.compactMap { entry in
      guard let name = name(entry.key, of: "parameter"),
        let source = expression(entry.value, of: name.value)
      else { return nil }
      return ParameterDeclaration(name: name, value: source, constant: constant(source))
    }
  }

  private mutating func constant(_ source: ExpressionSource) -> ExpressionSyntax? {
    let tree = try? ExpressionParser.parse(source.text)
    if let tree, ParameterKind(tree) != nil { return tree }
    sink.error(
      .badParameter, at: source.span, "a parameter is a constant, and \(source.text.quoted) is none",
      help: #"write a number, a duration as 60s, '"text"', '@list', or '["several", "texts"]'"#)
    return nil
  }

  /// The parameters of a rule with what overrides say; those of another kind are reported.
  mutating func parameters(_ node: YAMLNode?, ofRule id: String?) -> [ParameterDeclaration] {
    var parameters = node.map { self.parameters($0) } ?? []
    guard let override = id.flatMap({ overrides[$0] }) else { return parameters }
    for index in parameters.indices {
      guard let given = override.parameters.first(where: { $0.name.value == parameters[index].name.value }),
        let new = given.constant, let old = parameters[index].constant
      else { continue }
      if let kind = ParameterKind(old), let newKind = ParameterKind(new), kind != newKind {
        sink.error(
          .badParameter, at: given.value.span,
          "the parameter \(given.name.value.quoted) of rule \(override.id.value.quoted) is \(kind.rawValue), "
            + "and this is \(newKind.rawValue)")
        continue
      }
      parameters[index].value = given.value
      parameters[index].constant = new
    }
    return parameters
  }

  /// A scalar, or the constant of the parameter that it names; nil after an error about the name.
  mutating func resolved(_ scalar: YAMLScalar?) -> YAMLScalar? {
    guard var scalar, scalar.text.hasPrefix("$"), let parameters else { return scalar }
    let name = String(scalar.text.dropFirst())
    guard let parameter = parameters.first(where: { $0.name.value == name }) else {
      let names = parameters.map { "$" + $0.name.value }
      sink.error(
        .unknownParameter, at: scalar.span,
        "the rule has no parameter \(scalar.text.quoted)" + Suggestion.phrase(for: scalar.text, among: names),
        help: names.isEmpty ? "declare it: params: {\(name): 10}" : nil)
      return nil
    }
    usedParameters.insert(name)
    guard parameter.constant != nil else { return nil }
    scalar.text = parameter.value.text
    return scalar
  }
}

extension DiagnosticCode {
  // Parameters.
  static let badParameter = DiagnosticCode(rawValue: "bad-parameter")
  static let unknownParameter = DiagnosticCode(rawValue: "unknown-parameter")
}
