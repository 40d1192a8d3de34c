extension ExpressionSyntax {
  /// The same with constants in the place of parameters; `names` gathers those that were met.
  func replacingParameters(
    _ parameters: [String: ExpressionSyntax], _ names: inout Set<String>
  ) -> ExpressionSyntax {
    switch self {
    case .macro(let name, let range):
      guard let constant = parameters[name] else { return self }
      names.insert(name)
      return constant.moved(to: range)
    case .items(let items, let range):
      return .items(items.map { $0.replacingParameters(parameters, &names) }, range)
    case .call(let name, let nameRange, let arguments, let range):
      return .call(
        name, nameRange: nameRange, arguments.map { $0.replacingParameters(parameters, &names) }, range)
    case .arithmetic(let arithmetic, let left, let right):
      return .arithmetic(
        arithmetic, left.replacingParameters(parameters, &names),
        right.replacingParameters(parameters, &names))
    case .comparison(let comparison):
      return .comparison(
        ComparisonSyntax(
          left: comparison.left.replacingParameters(parameters, &names), comparison: comparison.comparison,
          isNegated: comparison.isNegated, right: comparison.right.replacingParameters(parameters, &names),
          operatorRange: comparison.operatorRange))
    case .not(let inner, let range): return .not(inner.replacingParameters(parameters, &names), range)
    case .all(let parts): return .all(parts.map { $0.replacingParameters(parameters, &names) })
    case .any(let parts): return .any(parts.map { $0.replacingParameters(parameters, &names) })
    case .literal, .text, .pattern, .name, .header, .list: return self
    }
  }

  /// A constant at another place: messages about it point at the parameter that it stands for.
  private func moved(to range: Range<Int>) -> ExpressionSyntax {
    switch self {
    case .literal(let literal, _): .literal(literal, range)
    case .text(let text, _): .text(text, range)
    case .list(let name, _): .list(name, range)
    case .items(let items, _): .items(items.map { $0.moved(to: range) }, range)
    default: self
    }
  }
}
