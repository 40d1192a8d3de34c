/// Checks the macros in the order in which they use each other.
struct MacroResolver {
  /// How many macros may stand inside one another.
  private static let maximumNesting = 64

  private let declarations: [String: MacroDeclaration]
  private(set) var scope: ExpressionScope
  private var open: [String] = []

  private init(_ macros: [MacroDeclaration], _ scope: ExpressionScope) {
    declarations = Dictionary(macros.map { ($0.name.value, $0) }) { first, _ in first }
    self.scope = scope
  }

  /// The scope with all sound macros in it.
  static func resolve(
    _ macros: [MacroDeclaration], in scope: ExpressionScope, _ sink: inout DiagnosticSink
  ) -> ExpressionScope {
    var resolver = MacroResolver(macros, scope)
    resolver.scope.macroNames = macros.map(\.name.value).sorted()
    for macro in macros { resolver.resolve(macro, &sink) }
    return resolver.scope
  }

  private mutating func resolve(_ macro: MacroDeclaration, _ sink: inout DiagnosticSink) {
    let name = macro.name.value
    guard scope.macros[name] == nil, !scope.brokenNames.contains(name), !open.contains(name) else { return }
    guard open.count < Self.maximumNesting else {
      sink.error(
        .expressionTooDeep, at: macro.name.span, "macros are nested deeper than \(Self.maximumNesting) levels"
      )
      scope.brokenNames.insert(name)
      return
    }
    open.append(name)
    for used in Self.macrosUsed(in: macro.body) {
      if let declaration = declarations[used] { resolve(declaration, &sink) }
    }
    var inner = scope
    inner.openMacros = Set(open)
    if let checked = ExpressionChecker.macro(macro.body, in: inner, &sink) {
      scope.macros[name] = checked
    } else {
      scope.brokenNames.insert(name)
    }
    open.removeLast()
  }

  private static func macrosUsed(in source: ExpressionSource) -> [String] {
    let bytes = Array(source.text.utf8)
    guard let tokens = try? ExpressionLexer.tokens(of: bytes) else { return [] }
    return tokens.filter { $0.kind == .macro }.map {
      String(decoding: bytes[$0.range].dropFirst(), as: UTF8.self)
    }
  }
}
